// The clients of Cosmos DB for NoSQL, Service Bus, Event Hubs, App Configuration and Web PubSub.
"use strict";

const { signedRequest } = require("./request");

function cosmos(variables) {
  const { CosmosClient } = require("@azure/cosmos");
  const { endpoint, key } = new CosmosClient(variables.AZURE_COSMOS_CONNECTIONSTRING).clientContext.cosmosClientOptions;
  return { url: endpoint, key };
}

function messaging({ fullyQualifiedNamespace, sharedAccessKeyName, sharedAccessKey }) {
  return { namespace: fullyQualifiedNamespace, keyName: sharedAccessKeyName, key: sharedAccessKey };
}

function serviceBus(variables) {
  const { parseServiceBusConnectionString } = require("@azure/service-bus");
  return messaging(parseServiceBusConnectionString(variables.AZURE_SERVICEBUS_CONNECTIONSTRING));
}

function eventHub(variables) {
  const { parseEventHubConnectionString } = require("@azure/event-hubs");
  return messaging(parseEventHubConnectionString(variables.AZURE_EVENTHUB_CONNECTIONSTRING));
}

async function appConfiguration(variables) {
  const { AppConfigurationClient } = require("@azure/app-configuration");
  const text = variables.AZURE_APPCONFIGURATION_CONNECTIONSTRING;
  const request = await signedRequest((options) =>
    new AppConfigurationClient(text, options).getConfigurationSetting({ key: "any" }),
  );
  const [, keyId] = /Credential=([^&]+)&/.exec(request.headers.get("authorization"));
  return { origin: new URL(request.url).origin, keyId };
}

function webPubSub(variables) {
  const { WebPubSubServiceClient } = require("@azure/web-pubsub");
  const { endpoint, credential } = new WebPubSubServiceClient(variables.AZURE_WEBPUBSUB_CONNECTIONSTRING, "hub");
  return { url: endpoint, key: credential.key };
}

module.exports = { appConfiguration, cosmos, eventHub, serviceBus, webPubSub };
