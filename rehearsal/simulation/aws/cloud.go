// Package aws is the simulated aws provider. It knows what the environments' programs, the account's program and
// @pulumi/eks create, with the values that a setting can give, and refuses everything else as not simulated.
//
// A type is one line in catalogue/sdk/modules.go, a declaration in types, and in Go the rules that no declaration
// expresses.
package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/property"
	"github.com/msur/platform/rehearsal/simulation/provider"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

// Identity is a principal, whose credentials the provider has.
type Identity struct {
	// Account is the id of its account.
	Account string
	// Principal is the path of an IAM role or user, such as "role/platform-deploy".
	Principal string
}

// DefaultIdentity is the deploying role of infra/bootstrap in AWS's own example account.
func DefaultIdentity() Identity {
	return Identity{Account: "123456789012", Principal: "role/platform-deploy"}
}

// Cloud is the aws provider.
type Cloud struct {
	provider.Description

	schema   schema.Schema
	identity Identity
	now      func() time.Time
}

// New reads the tables. The time goes into timestamps among the outputs, and the authority, a certificate as PEM, into
// clusters; by default it is one without a known key.
func New(now func() time.Time, authority []byte, identity Identity) *Cloud {
	byType := map[string]rules{}
	for _, family := range []map[string]rules{
		networkRules(), routeRules(), securityGroupRules(), ec2Rules(), clusterRules(authority), nodeGroupRules(),
		addonRules(), accessRules(), iamRules(), databaseRules(), cacheRules(), loadBalancingRules(), otherRules(),
	} {
		maps.Copy(byType, family)
	}

	described, facts := catalogue.AWS(), Schema()

	kinds, err := declaredKinds(typeFiles, described, facts, byType)
	if err != nil {
		panic(err) // the files are embedded, and every test reads them
	}

	return &Cloud{
		Description: provider.Describe("aws", described, kinds), schema: facts, identity: identity, now: now,
	}
}

// Configure starts an instance of the provider, with the region and default tags of its settings.
func (c *Cloud) Configure(settings resource.PropertyMap) (provider.Instance, error) {
	configured, err := configure(settings, c.identity.Account)
	if err != nil {
		return nil, err
	}

	return &instance{cloud: c, configuration: configured}, nil
}

// ReplacesOn returns the settings whose change replaces all resources: the region, if both regions are known
// (pulumi-aws#4000).
func (*Cloud) ReplacesOn(old, settings resource.PropertyMap) []string {
	before, after := property.Reveal(old["region"]), property.Reveal(settings["region"])
	if before.IsString() && after.IsString() && before.StringValue() != after.StringValue() {
		return []string{"region"}
	}

	return nil
}

// instance is one configured provider: the default one or an explicit one.
type instance struct {
	cloud         *Cloud
	configuration configuration
}

// Place is the account in the instance's region.
func (i *instance) Place() behaviour.Place {
	return behaviour.Place{
		Region: i.configuration.region,
		Constants: map[string]string{
			"account": i.cloud.identity.Account, "principal": i.cloud.identity.Principal,
			"partition": i.configuration.partition.ID, "domain": i.configuration.partition.Domain,
			"dualStackDomain": i.configuration.partition.DualStackDomain,
		},
		Now: i.cloud.now,
	}
}

// Reach returns nil: AWS always answers.
func (*instance) Reach(*account.Account, faults.Operation, behaviour.Kind) error { return nil }

// Remember adds nothing: the provider keeps nothing for itself.
func (*instance) Remember(behaviour.Kind, resource.PropertyMap, resource.PropertyMap) {}

// Complete adds a name and the default tags to checked inputs, and encodes policies that are objects as JSON.
func (i *instance) Complete(kind behaviour.Kind, naming behaviour.Naming, inputs resource.PropertyMap) error {
	known := i.cloud.Catalogue().Types[kind.Type].Inputs
	for name, value := range inputs {
		if known[string(name)] == catalogue.Any || known[string(name)] == catalogue.Any+catalogue.Required {
			inputs[name] = document(value)
		}
	}

	if _, taggable := known["tags"]; taggable {
		if tags := i.configuration.merge(inputs["tags"]); !tags.IsNull() {
			inputs["tags"] = tags
		}
	}

	if err := kind.AutoName.Apply(naming, inputs); err != nil {
		return fmt.Errorf("%s: %w", kind.Type, err)
	}

	return nil
}

// Check refuses what the schema refuses, and what the type's own checks do that need no other resource.
func (i *instance) Check(kind behaviour.Kind, old, inputs resource.PropertyMap) []catalogue.Failure {
	failures := i.cloud.schema.Check(kind.Type, old, inputs)

	for path, err := range behaviour.CheckLocal(kind, i.Place(), inputs) {
		failures = append(failures, catalogue.Failure{Path: path, Reason: kind.Type + ": " + err.Error()})
	}

	return failures
}

// document encodes a policy that is an object as JSON. One that contains an unknown is unknown as a whole.
func document(value resource.PropertyValue) resource.PropertyValue {
	revealed := property.Reveal(value)
	if !revealed.IsObject() {
		return value
	}

	if revealed.ContainsUnknowns() {
		return resource.MakeComputed(resource.NewStringProperty(""))
	}

	plain, secrets, err := property.Plain(revealed.ObjectValue())
	if err != nil {
		return value
	}

	text, err := json.Marshal(plain)
	if err != nil {
		return value
	}

	if value.IsSecret() || len(secrets) > 0 {
		return resource.MakeSecret(resource.NewStringProperty(string(text)))
	}

	return resource.NewStringProperty(string(text))
}

// Objects returns nil: the account has them.
func (*instance) Objects(behaviour.Kind) provider.Objects { return nil }
