package main

import (
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// custom is what the schemas are made from in a CustomResourceDefinition.
type custom struct {
	Spec struct {
		Group    string
		Names    struct{ Kind string }
		Versions []struct {
			Name   string
			Schema struct{ OpenAPIV3Schema schema }
		}
	}
}

// writeCustom writes the schema of each version of a CustomResourceDefinition.
func writeCustom(path, directory string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var definition custom
	if err := yaml.Unmarshal(text, &definition); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	spec := definition.Spec
	for _, version := range spec.Versions {
		whole := version.Schema.OpenAPIV3Schema
		tightenAll(whole)
		// the API server's own: everything that it writes there is known to it
		whole["properties"].(schema)["metadata"] = schema{"type": "object"}
		if err := write(directory, file(spec.Names.Kind, spec.Group, version.Name), whole); err != nil {
			return err
		}
	}
	return nil
}

// tightenAll refuses in every object the fields that are not described, as the API server does with
// fieldValidation=Strict.
func tightenAll(node any) {
	switch node := node.(type) {
	case schema:
		_, open := node["additionalProperties"]
		if _, described := node["properties"].(schema); described && !open && node["x-kubernetes-preserve-unknown-fields"] != true {
			node["additionalProperties"] = false
		}
		if node["x-kubernetes-int-or-string"] == true {
			delete(node, "type")
		}
		for _, below := range node {
			tightenAll(below)
		}
	case []any:
		for _, below := range node {
			tightenAll(below)
		}
	}
}

// isCustom tells a CustomResourceDefinition from Kubernetes' own document.
func isCustom(path string) bool { return strings.HasSuffix(path, ".yaml") }
