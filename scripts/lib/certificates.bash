# shellcheck shell=bash
# The cluster's own authority, and a certificate and kubeconfig for each of its users.

# authority: elliptic keys, as making RSA ones would take most of the start
authority() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$STATE/pki/service-account.key"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=sc-job cluster $NAME" \
    -keyout "$STATE/pki/ca.key" -out "$STATE/pki/ca.crt" -config - 2>/dev/null <<'C'
[req]
distinguished_name = subject
x509_extensions = authority
[subject]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
C
}

# certificate NAME SUBJECT: good for a server at any of the cluster's addresses, and for a client
certificate() {
  local file=$STATE/pki/$1
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$2" -keyout "$file.key" -out "$file.csr" 2>/dev/null
  openssl x509 -req -in "$file.csr" -CA "$STATE/pki/ca.crt" -CAkey "$STATE/pki/ca.key" -CAcreateserial -days 365 -out "$file.crt" \
    -extfile - 2>/dev/null <<C
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth, clientAuth
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:$NODE, IP:127.0.0.1, IP:$SERVICE_IP, IP:$NODE_IP
C
  rm "$file.csr"
}

# kubeconfig NAME FILE: with everything inside, so that the file works from any place
kubeconfig() {
  local pki=$STATE/pki
  cat >"$2" <<C
apiVersion: v1
kind: Config
current-context: $NAME
contexts:
- name: $NAME
  context: {cluster: $NAME, user: $1}
clusters:
- name: $NAME
  cluster:
    server: https://127.0.0.1:$API_PORT
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 "$pki/$1.crt")
    client-key-data: $(base64 -w0 "$pki/$1.key")
C
}
