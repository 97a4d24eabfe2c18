// Reads connections (JSON on standard input) with the client libraries, and answers what each of them understood.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type connection struct {
	Target    string            `json:"target"`
	Variables map[string]string `json:"variables"`
}

type understood map[string]any

var readers = map[string]func(map[string]string) (understood, error){
	"postgres":          postgresql("AZURE_POSTGRESQL_CONNECTIONSTRING"),
	"postgres-flexible": postgresql("AZURE_POSTGRESQL_CONNECTIONSTRING"),
	"neon-postgres":     postgresql("NEON_POSTGRESQL_CONNECTIONSTRING"),
	"mysql":             mysql,
	"mysql-flexible":    mysql,
	"sql":               sqlServer("AZURE_SQL_CONNECTIONSTRING"),
	"fabric-sql":        sqlServer("FABRIC_SQL_CONNECTIONSTRING"),
	"redis":             redis,
	"redis-enterprise":  redis,
	"cosmos-mongo":      mongo,
	"eventhub":          eventHub,
}

func main() {
	var connections []connection
	if err := json.NewDecoder(os.Stdin).Decode(&connections); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]understood, len(connections))
	for i, c := range connections {
		answer, err := readers[c.Target](c.Variables)
		if err != nil {
			answer = understood{"error": err.Error()}
		}
		answers[i] = answer
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
