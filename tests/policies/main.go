// Command policies writes the schemas of Kubernetes' kinds as kubeconform reads them, a file for each, from the
// document that the API server is generated with: policies SWAGGER DIRECTORY.
//
// They are strict, as the API server is with fieldValidation=Strict: a field that it does not know is refused.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const prefix = "#/definitions/"

type schema = map[string]any

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: policies SWAGGER DIRECTORY")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(swagger, directory string) error {
	text, err := os.ReadFile(swagger)
	if err != nil {
		return err
	}
	var document struct{ Definitions map[string]schema }
	if err := json.Unmarshal(text, &document); err != nil {
		return fmt.Errorf("%s: %w", swagger, err)
	}
	for name, definition := range document.Definitions {
		tighten(name, definition)
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for name, definition := range document.Definitions {
		for _, file := range files(definition) {
			reached := map[string]schema{}
			reach(name, document.Definitions, reached)
			whole, err := json.Marshal(schema{
				"$schema": "http://json-schema.org/draft-07/schema#", "$ref": prefix + name, "definitions": reached,
			})
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(directory, file), whole, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// files are the names by which kubeconform asks for a definition: kind, first part of the group, version.
func files(definition schema) []string {
	var names []string
	kinds, _ := definition["x-kubernetes-group-version-kind"].([]any)
	for _, kind := range kinds {
		of, _ := kind.(schema)
		group, _, _ := strings.Cut(fmt.Sprint(of["group"]), ".")
		parts := []string{fmt.Sprint(of["kind"])}
		if group != "" {
			parts = append(parts, group)
		}
		parts = append(parts, fmt.Sprint(of["version"]))
		names = append(names, strings.ToLower(strings.Join(parts, "-"))+".json")
	}
	return names
}

// tighten says of a definition what Kubernetes' document leaves open or cannot express.
func tighten(name string, definition schema) {
	switch name {
	case "io.k8s.apimachinery.pkg.util.intstr.IntOrString":
		definition["type"] = []string{"integer", "string"}
	case "io.k8s.apimachinery.pkg.api.resource.Quantity":
		definition["type"] = []string{"number", "string"}
	}
	if _, open := definition["additionalProperties"]; !open && definition["properties"] != nil {
		definition["additionalProperties"] = false
	}
}

// reach adds the definition, and all that it refers to.
func reach(name string, all, reached map[string]schema) {
	if _, done := reached[name]; done {
		return
	}
	reached[name] = all[name]
	follow(all[name], all, reached)
}

func follow(node any, all, reached map[string]schema) {
	switch node := node.(type) {
	case schema:
		if reference, ok := node["$ref"].(string); ok {
			reach(strings.TrimPrefix(reference, prefix), all, reached)
		}
		for _, below := range node {
			follow(below, all, reached)
		}
	case []any:
		for _, below := range node {
			follow(below, all, reached)
		}
	}
}
