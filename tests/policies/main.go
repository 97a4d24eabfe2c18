// Command policies writes the schemas of Kubernetes' kinds as kubeconform reads them, a file for each, from the
// document that the API server is generated with (SWAGGER, .json) and from CustomResourceDefinitions (.yaml):
// policies DIRECTORY SWAGGER|DEFINITION...
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
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: policies DIRECTORY SWAGGER|DEFINITION...")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(directory string, paths []string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for _, path := range paths {
		write := writeBuiltIn
		if isCustom(path) {
			write = writeCustom
		}
		if err := write(path, directory); err != nil {
			return err
		}
	}
	return nil
}

// writeBuiltIn writes the schema of each of Kubernetes' own kinds.
func writeBuiltIn(swagger, directory string) error {
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
	for name, definition := range document.Definitions {
		for _, file := range files(definition) {
			reached := map[string]schema{}
			reach(name, document.Definitions, reached)
			if err := write(directory, file, schema{"$ref": prefix + name, "definitions": reached}); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(directory, file string, whole schema) error {
	whole["$schema"] = "http://json-schema.org/draft-07/schema#"
	text, err := json.Marshal(whole)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, file), text, 0o644)
}

// file is the name by which kubeconform asks for a schema: kind, first part of the group, version.
func file(kind, group, version string) string {
	parts := []string{kind}
	if first, _, _ := strings.Cut(group, "."); first != "" {
		parts = append(parts, first)
	}
	return strings.ToLower(strings.Join(append(parts, version), "-")) + ".json"
}

// files are the names for a definition, which may stand for more than one kind.
func files(definition schema) []string {
	var names []string
	kinds, _ := definition["x-kubernetes-group-version-kind"].([]any)
	for _, kind := range kinds {
		of, _ := kind.(schema)
		names = append(names, file(fmt.Sprint(of["kind"]), fmt.Sprint(of["group"]), fmt.Sprint(of["version"])))
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
