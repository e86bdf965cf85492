package kubernetes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeNamespace = "kubernetes:core/v1:Namespace"
	typeConfigMap = "kubernetes:core/v1:ConfigMap"
	typeSecret    = "kubernetes:core/v1:Secret"
)

// kinds are Kubernetes' own kinds, and Helm releases.
func kinds() []behaviour.Kind {
	return []behaviour.Kind{namespace(), configMap(), secret(), release()}
}

// namespace is deleted with all that is in it.
func namespace() behaviour.Kind {
	return behaviour.Kind{
		Type: typeNamespace, Title: "Namespace",
		ID: "{metadata.name}",
		Computed: append(stamps(),
			behaviour.Output{Name: "spec", Value: map[string]any{"finalizers": []string{"kubernetes"}}},
			behaviour.Output{Name: "status", Value: map[string]any{"phase": "Active"}}),
		ForceNew: []string{"metadata.name"},
		Unique:   unique("namespaces"),
		Guards:   []func(*behaviour.Call) error{guardFinalizers},
		Missing:  missing("namespaces"),
	}
}

// configMap is replaced when its data changes, so that pods see the change.
func configMap() behaviour.Kind {
	kind := namespaced(typeConfigMap, "ConfigMap", "configmaps")
	kind.ForceNew = append(kind.ForceNew, "data", "binaryData", "immutable")

	return kind
}

func secret() behaviour.Kind {
	kind := namespaced(typeSecret, "Secret", "secrets")
	kind.ForceNew = append(kind.ForceNew, "immutable", "type")
	kind.Defaults = map[string]any{"type": "Opaque"}

	return kind
}

// namespaced is a kind of object that is in a namespace, and is deleted with it.
func namespaced(token, title, plural string) behaviour.Kind {
	kind := clustered(token, title, plural)
	kind.ID = "{metadata.namespace}/{metadata.name}"
	kind.ForceNew = append(kind.ForceNew, "metadata.namespace")
	kind.References = []behaviour.Reference{inNamespace("metadata.namespace")}
	kind.Unique = unique(plural, "metadata.namespace")

	return kind
}

// clustered is a kind of object that is in no namespace.
func clustered(token, title, plural string) behaviour.Kind {
	return behaviour.Kind{
		Type: token, Title: title,
		ID:       "{metadata.name}",
		Computed: stamps(),
		ForceNew: []string{"metadata.name"},
		Unique:   unique(plural),
		Guards:   []func(*behaviour.Call) error{guardFinalizers},
		Missing:  missing(plural),
	}
}

// guardFinalizers keeps an object whose finalizers a controller has to remove: there are no controllers here. The
// provider waits for ten minutes and then fails.
func guardFinalizers(c *behaviour.Call) error {
	if finalizers := c.Resource.Texts("metadata.finalizers"); len(finalizers) > 0 {
		return refuse("timed out waiting for the condition: finalizers %s might be preventing deletion",
			strings.Join(finalizers, ", "))
	}

	return nil
}

// inNamespace is the property that names an object's namespace. Each cluster has some namespaces from the beginning,
// which are not in the account.
func inNamespace(property string) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeNamespace}, OnDelete: behaviour.Cascade,
		Skip: func(name string) bool {
			return slices.Contains([]string{"default", "kube-node-lease", "kube-public", "kube-system"}, name)
		},
	}
}

func unique(plural string, within ...string) []behaviour.Unique {
	return []behaviour.Unique{{
		Properties: append(within, "metadata.name"),
		Taken: func(c *behaviour.Call, _ account.Resource) error {
			return refuse("%s %q already exists", plural, c.Text("metadata.name"))
		},
	}}
}

// stamps are the metadata that an API server writes: a uid and a time at create, and a new resource version with
// each change.
func stamps() []behaviour.Output {
	return []behaviour.Output{
		{Name: "metadata.uid", Value: "{uuid}"},
		{Name: "metadata.creationTimestamp", Value: "{now}"},
		{Name: "metadata.resourceVersion", Volatile: true, Make: func(c *behaviour.Call) any {
			return strconv.Itoa(c.Tx.Serial())
		}},
	}
}
