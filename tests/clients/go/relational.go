package main

import (
	driver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/microsoft/go-mssqldb/msdsn"
)

func postgresql(variable string) func(map[string]string) (understood, error) {
	return func(variables map[string]string) (understood, error) {
		config, err := pgx.ParseConfig(variables[variable])
		if err != nil {
			return nil, err
		}
		return understood{
			"host": config.Host, "port": config.Port, "user": config.User, "password": config.Password,
			"database": config.Database, "tls": config.TLSConfig != nil,
		}, nil
	}
}

func mysql(variables map[string]string) (understood, error) {
	config, err := driver.ParseDSN(variables["AZURE_MYSQL_CONNECTIONSTRING"])
	if err != nil {
		return nil, err
	}
	return understood{
		"network": config.Net, "address": config.Addr, "user": config.User, "password": config.Passwd,
		"database": config.DBName, "tls": config.TLS != nil,
	}, nil
}

func sqlServer(variable string) func(map[string]string) (understood, error) {
	return func(variables map[string]string) (understood, error) {
		config, err := msdsn.Parse(variables[variable])
		if err != nil {
			return nil, err
		}
		return understood{
			"host": config.Host, "port": config.Port, "user": config.User, "password": config.Password,
			"database": config.Database, "fedauth": config.Parameters["fedauth"],
		}, nil
	}
}
