// Command with_pq gives the connection string to lib/pq.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"os"

	_ "github.com/lib/pq"
)

func main() {
	database, err := sql.Open("postgres", os.Getenv("AZURE_POSTGRESQL_CONNECTIONSTRING"))
	if err != nil {
		log.Fatal(err)
	}
	var found struct {
		User     string `json:"user"`
		Database string `json:"database"`
	}
	if err := database.QueryRow("select current_user, current_database()").Scan(&found.User, &found.Database); err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}
