// Package permissions computes the policies of the pipelines' roles, from a curated table of the IAM actions for each
// type of resource. It creates no resources.
package permissions

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed actions.yaml
var actionsText []byte

//go:embed functions.yaml
var functionsText []byte

//go:embed resources.yaml
var resourcesText []byte

//go:embed workloads.yaml
var workloadsText []byte

// Row has the actions for one type of resource; the head of actions.yaml documents it.
type Row struct {
	Source             string   `yaml:"source"`
	Create             []string `yaml:"create"`
	Read               []string `yaml:"read"`
	Update             []string `yaml:"update"`
	Delete             []string `yaml:"delete"`
	Implies            []string `yaml:"implies"`
	Passes             []string `yaml:"passes"`
	ServiceLinkedRoles []string `yaml:"serviceLinkedRoles"`
}

// Actions are all actions of the row.
func (r Row) Actions() []string {
	return slices.Concat(r.Create, r.Read, r.Update, r.Delete, r.Implies)
}

// Scope limits a service's actions to resources; the head of resources.yaml documents it.
type Scope struct {
	Policy    string   `yaml:"policy"`
	Resources []string `yaml:"resources"`
	Anywhere  []string `yaml:"anywhere"`
	Through   []string `yaml:"through"`
	Service   string   `yaml:"service"`
}

// Workload has the actions of a managed policy of the program's roles; the head of workloads.yaml documents it.
type Workload struct {
	Source  string   `yaml:"source"`
	Actions []string `yaml:"actions"`
}

// Table is the table of permissions.
type Table struct {
	// Rows maps resource types, such as "aws:ec2/vpc:Vpc", to their actions.
	Rows map[string]Row
	// Functions maps the tokens of functions to their actions.
	Functions map[string]Row
	// Scopes maps the prefixes of services, such as "ec2", to scopes.
	Scopes map[string]Scope
	// Workloads maps the names of attached policies to their actions.
	Workloads map[string]Workload
}

// Load reads the table. It fails only if the embedded files are wrong.
func Load() (*Table, error) {
	table := &Table{}

	for name, file := range map[string]struct {
		text   []byte
		target any
	}{
		"actions.yaml":   {actionsText, &table.Rows},
		"functions.yaml": {functionsText, &table.Functions},
		"resources.yaml": {resourcesText, &table.Scopes},
		"workloads.yaml": {workloadsText, &table.Workloads},
	} {
		decoder := yaml.NewDecoder(bytes.NewReader(file.text))
		decoder.KnownFields(true)

		if err := decoder.Decode(file.target); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}

	return table, nil
}

// Passes returns the services that roles are passed to, with {ec2} for EC2's principal, which depends on the partition.
func (t *Table) Passes() []string {
	return t.gather(func(r Row) []string { return r.Passes })
}

// ServiceLinkedRoles are the services that create a service-linked role.
func (t *Table) ServiceLinkedRoles() []string {
	return t.gather(func(r Row) []string { return r.ServiceLinkedRoles })
}

// reads are the actions that only read the program's resources.
func (t *Table) reads() []string {
	return slices.DeleteFunc(t.gather(Row.Actions), func(action string) bool { return !isRead(action) })
}

// writes are all other actions of a service.
func (t *Table) writes(service string) []string {
	return slices.DeleteFunc(t.gather(Row.Actions), func(action string) bool {
		return isRead(action) || serviceOf(action) != service
	})
}

// questions are the actions of the functions, which look up the account.
func (t *Table) questions() []string {
	var actions []string
	for _, row := range t.Functions {
		actions = append(actions, row.Read...)
	}

	return sorted(actions)
}

// gather returns the values of a column in all rows, sorted and without duplicates.
func (t *Table) gather(column func(Row) []string) []string {
	var all []string
	for _, row := range t.Rows {
		all = append(all, column(row)...)
	}

	return sorted(all)
}

// services are those that have a scope, sorted.
func (t *Table) services() []string { return slices.Sorted(maps.Keys(t.Scopes)) }

func sorted(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) }

// serviceOf is the prefix of an action.
func serviceOf(action string) string {
	service, _, _ := strings.Cut(action, ":")

	return service
}

// isRead reports whether an action changes nothing, judging by its name.
func isRead(action string) bool {
	return slices.Contains([]string{"Describe", "Get", "List"}, verb(action)) || strings.Contains(action, ":BatchGet")
}

// verb is the first word of an action's name: "Create" in ec2:CreateVpc.
func verb(action string) string {
	_, name, _ := strings.Cut(action, ":")

	for i, letter := range name {
		if i > 0 && letter >= 'A' && letter <= 'Z' {
			return name[:i]
		}
	}

	return name
}
