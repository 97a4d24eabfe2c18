"""The URL, or the single variables, as redis-py takes them."""

import json
import os

import redis

if "AZURE_REDIS_CONNECTIONSTRING" in os.environ:
    client = redis.Redis.from_url(os.environ["AZURE_REDIS_CONNECTIONSTRING"], decode_responses=True)
else:
    client = redis.Redis(
        host=os.environ["AZURE_REDIS_HOST"],
        port=int(os.environ["AZURE_REDIS_PORT"]),
        db=int(os.environ["AZURE_REDIS_DATABASE"]),
        password=os.environ["AZURE_REDIS_PASSWORD"],
        ssl=os.environ["AZURE_REDIS_SSL"] == "true",
        decode_responses=True,
    )
client.set("greeting", "from redis-py")
print(json.dumps({"greeting": client.get("greeting"), "database": str(client.client_info()["db"])}))
