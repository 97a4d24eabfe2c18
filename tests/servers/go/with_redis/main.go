// Command with_redis gives the URL to go-redis.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strconv"

	"github.com/redis/go-redis/v9"
)

func main() {
	options, err := redis.ParseURL(os.Getenv("AZURE_REDIS_CONNECTIONSTRING"))
	if err != nil {
		log.Fatal(err)
	}
	ctx, client := context.Background(), redis.NewClient(options)
	if err := client.Set(ctx, "greeting", "from go-redis", 0).Err(); err != nil {
		log.Fatal(err)
	}
	info, err := client.ClientInfo(ctx).Result()
	if err != nil {
		log.Fatal(err)
	}
	greeting, err := client.Get(ctx, "greeting").Result()
	if err != nil {
		log.Fatal(err)
	}
	found := map[string]string{"greeting": greeting, "database": strconv.Itoa(info.DB)}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}
