package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// change is a change of a deployed environment's settings.
type change struct {
	name string
	set  []func(config)
	// steps are the operations by resource. Other resources do not change.
	steps map[string]string
	// The account then has the value in a resource of the type, at the path; or no value there if it is nil.
	resourceType, path string
	value              any
}

// storeChanges returns changes of the stores.
func storeChanges() []change {
	database := func(name string, value any) func(config) { return set("platform:database", name, value) }
	updated := func(name string) map[string]string { return map[string]string{name: "update"} }

	return []change{
		{
			"a larger database",
			[]func(config){database("instanceClass", "db.m7g.large")},
			map[string]string{"database-instance": "update", "database-parameters": "update"},
			instance, "instanceClass", "db.m7g.large",
		},
		{
			"a larger cache",
			[]func(config){set("platform:cache", "nodeType", "cache.m7g.large")},
			updated("cache-nodes"), nodes, "nodeType", "cache.m7g.large",
		},
		{
			"a larger disk",
			[]func(config){database("storageGiB", 50), database("maxStorageGiB", 200)},
			updated("database-instance"), instance, "allocatedStorage", 50.0,
		},
		{
			"a smaller disk, which the provider ignores",
			[]func(config){database("storageGiB", 30)},
			map[string]string{},
			instance, "allocatedStorage", 50.0,
		},
		{
			"a standby",
			[]func(config){database("multiAz", true)},
			updated("database-instance"), instance, "multiAz", true,
		},
		{
			"a replica",
			[]func(config){set("platform:cache", "replicas", 1)},
			updated("cache-nodes"), nodes, "multiAzEnabled", true,
		},
		{
			"a parameter",
			[]func(config){database("parameters", config{"max_connections": "50"})},
			updated("database-parameters"), "aws:rds/parameterGroup:ParameterGroup", "parameters.value", "50",
		},
	}
}

// certificateChanges returns changes of the load balancer's certificate. Turning TLS on or off replaces the listener.
func certificateChanges() []change {
	const (
		listener = "aws:lb/listener:Listener"
		arn      = "certificateArn"
		first    = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
		second   = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789013"
	)

	certificate := func(value string) []func(config) {
		return []func(config){set("platform:ingress", arn, value)}
	}
	replaced := map[string]string{"ingress-websecure": "replace", "ingress-traefik": "update"}

	return []change{
		{"a certificate", certificate(first), replaced, listener, arn, first},
		{
			"another certificate", certificate(second),
			map[string]string{"ingress-websecure": "update"},
			listener, arn, second,
		},
		{"no certificate", certificate(""), replaced, listener, arn, nil},
	}
}

// Stores, and the resources that contain them, are updated in place by every change of the settings.
func TestChangesUpdateStoresInPlace(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")

	before := r.protectedIDs()

	var edits []func(config)

	for _, change := range slices.Concat(storeChanges(), certificateChanges()) {
		edits = append(edits, change.set...)
		r.configure(edits...)
		r.must("up")
		assert.Equal(t, change.steps, r.steps(), change.name)

		values := r.values(change.resourceType, change.path)
		if change.value == nil {
			assert.Empty(t, values, change.name)
		} else {
			assert.Contains(t, values, change.value, change.name)
		}
	}

	r.assertGrownDiskStays()
	assert.Equal(t, before, r.protectedIDs())

	r.must("destroy")
	r.gone()
}

// assertGrownDiskStays asserts that a disk keeps the size to which RDS has increased it.
func (r *rehearsal) assertGrownDiskStays() {
	r.t.Helper()

	r.byHand(instance, func(properties map[string]any) { properties["allocatedStorage"] = 60.0 })
	r.must("refresh")
	assert.Contains(r.t, r.must("up"), "Nothing changed")
	assert.Equal(r.t, []any{60.0}, r.values(instance, "allocatedStorage"))
}

// steps returns the operations of the last run by resource, from its report. The steps of a replacement count as one.
func (r *rehearsal) steps() map[string]string {
	r.t.Helper()

	operations := make(map[string]string)

	for _, step := range r.report().Plan {
		operation := string(step.Op)
		if strings.Contains(operation, "replace") {
			operation = "replace"
		}

		operations[step.URN.Name()] = operation
	}

	return operations
}

// values returns the values at a path in all resources of a type in the account.
func (r *rehearsal) values(resourceType, path string) []any {
	r.t.Helper()

	var values []any

	_, held := r.inspect()
	for _, found := range held {
		if found.Type == resourceType {
			values = append(values, property.At(found.Outputs, path)...)
		}
	}

	return values
}
