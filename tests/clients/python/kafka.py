"""Confluent's client of the schema registry, and librdkafka."""


def confluent(variables):
    from confluent_kafka.schema_registry import SchemaRegistryClient

    registry = SchemaRegistryClient(
        {
            "url": variables["CONFLUENTCLOUD_SCHEMAREGISTRY_URL"],
            "basic.auth.user.info": variables["CONFLUENTCLOUD_SCHEMAREGISTRY_USERINFO"],
        }
    )
    return {"urls": registry._rest_client.base_urls, "auth": list(registry._rest_client.auth)}
