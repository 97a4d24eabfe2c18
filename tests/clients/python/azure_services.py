"""The clients of Cosmos DB for NoSQL, Service Bus, Event Hubs, App Configuration, Web PubSub and Azure OpenAI."""


def cosmos(variables):
    # the client itself asks the account for its regions as soon as it is made
    from azure.cosmos.cosmos_client import _parse_connection_str

    return _parse_connection_str(variables["AZURE_COSMOS_CONNECTIONSTRING"], None)


def _messaging(properties):
    return {
        "namespace": properties.fully_qualified_namespace,
        "keyName": properties.shared_access_key_name,
        "key": properties.shared_access_key,
    }


def service_bus(variables):
    from azure.servicebus import parse_connection_string

    return _messaging(parse_connection_string(variables["AZURE_SERVICEBUS_CONNECTIONSTRING"]))


def event_hub(variables):
    from azure.eventhub import parse_connection_string

    return _messaging(parse_connection_string(variables["AZURE_EVENTHUB_CONNECTIONSTRING"]))


def app_configuration(variables):
    from azure.appconfiguration import AzureAppConfigurationClient

    client = AzureAppConfigurationClient.from_connection_string(variables["AZURE_APPCONFIGURATION_CONNECTIONSTRING"])
    config = client._impl._config
    return {
        "url": config.endpoint,
        "keyId": config.authentication_policy._id_credential,
        "key": config.credential.key,
    }


def web_pub_sub(variables):
    from azure.messaging.webpubsubservice import WebPubSubServiceClient

    client = WebPubSubServiceClient.from_connection_string(variables["AZURE_WEBPUBSUB_CONNECTIONSTRING"], hub="hub")
    return {"url": client._config.endpoint, "key": client._config.credential.key}


def openai(variables):
    from openai import AzureOpenAI

    client = AzureOpenAI(
        azure_endpoint=variables["AZURE_OPENAI_BASE"], api_key=variables["AZURE_OPENAI_KEY"], api_version="2024-10-21"
    )
    return {"url": str(client.base_url), "key": client.api_key}
