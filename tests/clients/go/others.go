package main

import (
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azeventhubs/v2"
	client "github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func redis(variables map[string]string) (understood, error) {
	read, err := client.ParseURL(variables["AZURE_REDIS_CONNECTIONSTRING"])
	if err != nil {
		return nil, err
	}
	return understood{
		"address": read.Addr, "user": read.Username, "password": read.Password, "database": read.DB,
		"tls": read.TLSConfig != nil,
	}, nil
}

func mongo(variables map[string]string) (understood, error) {
	read := options.Client().ApplyURI(variables["AZURE_COSMOS_CONNECTIONSTRING"])
	if err := read.Validate(); err != nil {
		return nil, err
	}
	return understood{
		"hosts": read.Hosts, "user": read.Auth.Username, "password": read.Auth.Password, "replicaSet": *read.ReplicaSet,
		"application": *read.AppName, "retryWrites": *read.RetryWrites, "tls": read.TLSConfig != nil,
	}, nil
}

func eventHub(variables map[string]string) (understood, error) {
	read, err := azeventhubs.ParseConnectionString(variables["AZURE_EVENTHUB_CONNECTIONSTRING"])
	if err != nil {
		return nil, err
	}
	return understood{
		"namespace": read.FullyQualifiedNamespace, "keyName": *read.SharedAccessKeyName, "key": *read.SharedAccessKey,
	}, nil
}
