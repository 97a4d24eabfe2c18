// Command with_mysql gives the connection string to go-sql-driver/mysql.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"os"

	_ "github.com/go-sql-driver/mysql"
)

func main() {
	database, err := sql.Open("mysql", os.Getenv("AZURE_MYSQL_CONNECTIONSTRING"))
	if err != nil {
		log.Fatal(err)
	}
	var found struct {
		User     string `json:"user"`
		Database string `json:"database"`
	}
	row := database.QueryRow("select current_user(), database()")
	if err := row.Scan(&found.User, &found.Database); err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		log.Fatal(err)
	}
}
