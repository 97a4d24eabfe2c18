// Some clients keep what they were given to themselves, and show it in what they would send.
"use strict";

// signedRequest CALL: the request that CALL makes with a client of the options that it is given
async function signedRequest(call) {
  const captured = new Error("not sent");
  const httpClient = {
    sendRequest(request) {
      captured.request = request;
      throw captured;
    },
  };
  try {
    await call({ httpClient, retryOptions: { maxRetries: 0 } });
  } catch (error) {
    if (!captured.request) throw error;
  }
  return captured.request;
}

module.exports = { signedRequest };
