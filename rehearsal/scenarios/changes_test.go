package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// change is one that people make to the settings of an environment that is up.
type change struct {
	name string
	set  []func(config)
	// does is what becomes of which resource; nothing else is touched.
	does map[string]string
	// holds is among the values that the account then has at a path of a type: where it is nil, there are none.
	of, at string
	holds  any
}

// changesOfStores are those of what holds data.
func changesOfStores() []change {
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
			"a smaller disk, of which the provider takes no notice",
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

// changesOfTheCertificate are those of the way in. Whether there is TLS is for a listener to be made anew.
func changesOfTheCertificate() []change {
	const (
		listener = "aws:lb/listener:Listener"
		arn      = "certificateArn"
		first    = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
		second   = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789013"
	)

	certificate := func(value string) []func(config) {
		return []func(config){set("platform:ingress", arn, value)}
	}
	otherwise := map[string]string{"ingress-websecure": "replace", "ingress-traefik": "update"}

	return []change{
		{"a certificate", certificate(first), otherwise, listener, arn, first},
		{
			"another certificate", certificate(second),
			map[string]string{"ingress-websecure": "update"},
			listener, arn, second,
		},
		{"no certificate", certificate(""), otherwise, listener, arn, nil},
	}
}

// What holds data, and what that is in, takes every change of the settings that people make while it lives.
func TestChangesUpdateWhatHoldsDataAndReplaceNothing(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")

	before := r.ids()

	var edits []func(config)

	for _, change := range slices.Concat(changesOfStores(), changesOfTheCertificate()) {
		edits = append(edits, change.set...)
		r.configure(edits...)
		r.must("up")
		assert.Equal(t, change.does, r.done(), change.name)

		values := r.held(change.of, change.at)
		if change.holds == nil {
			assert.Empty(t, values, change.name)
		} else {
			assert.Contains(t, values, change.holds, change.name)
		}
	}

	r.grows()
	assert.Equal(t, before, r.ids())

	r.must("destroy")
	r.gone()
}

// grows asserts that a disk which has grown by itself stays as it is.
func (r *rehearsal) grows() {
	r.t.Helper()

	r.byHand(instance, func(properties map[string]any) { properties["allocatedStorage"] = 60.0 })
	r.must("refresh")
	assert.Contains(r.t, r.must("up"), "Nothing changed")
	assert.Equal(r.t, []any{60.0}, r.held(instance, "allocatedStorage"))
}

// done is what the last operation did to which resource, by its report: the steps of a replacement are one.
func (r *rehearsal) done() map[string]string {
	r.t.Helper()

	done := make(map[string]string)

	for _, step := range r.report().Plan {
		operation := string(step.Op)
		if strings.Contains(operation, "replace") {
			operation = "replace"
		}

		done[step.URN.Name()] = operation
	}

	return done
}

// held are the values that the account has at a path of all resources of a type.
func (r *rehearsal) held(resourceType, path string) []any {
	r.t.Helper()

	var values []any

	_, held := r.inspect()
	for _, one := range held {
		if one.Type == resourceType {
			values = append(values, property.At(one.Outputs, path)...)
		}
	}

	return values
}
