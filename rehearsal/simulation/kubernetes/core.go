package kubernetes

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeNamespace = "kubernetes:core/v1:Namespace"
	typeConfigMap = "kubernetes:core/v1:ConfigMap"
)

func coreKinds() []behaviour.Kind {
	return []behaviour.Kind{namespace(), configMap()}
}

// namespace takes along whatever is in it.
func namespace() behaviour.Kind {
	return behaviour.Kind{
		Type: typeNamespace, Title: "Namespace",
		ID: func(c *behaviour.Call) (string, error) { return c.Text("metadata.name"), nil },
		Computed: []behaviour.Output{
			behaviour.Constant("spec", map[string]any{"finalizers": []string{"kubernetes"}}),
			behaviour.Constant("status", map[string]any{"phase": "Active"}),
		},
		ForceNew: []string{"metadata.name"},
		Unique:   unique("namespaces"),
		Finish:   stamp,
		Missing:  missing("namespaces"),
	}
}

func configMap() behaviour.Kind {
	return behaviour.Kind{
		Type: typeConfigMap, Title: "ConfigMap",
		ID: func(c *behaviour.Call) (string, error) {
			return c.Text("metadata.namespace") + "/" + c.Text("metadata.name"), nil
		},
		ForceNew:   []string{"metadata.name", "metadata.namespace", "immutable"},
		References: []behaviour.Reference{inNamespace("metadata.namespace")},
		Unique:     unique("configmaps", "metadata.namespace"),
		Finish:     stamp,
		Missing:    missing("configmaps"),
	}
}

// inNamespace is the property that says where an object is. Each cluster has some
// namespaces from the beginning, which are not in the account.
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

// stamp writes into the metadata what an API server writes: at create a uid and a
// time, which then stay, and with each change a new resource version.
func stamp(c *behaviour.Call, old map[string]any) error {
	given, _ := c.Resource.Outputs["metadata"].(map[string]any)
	metadata := maps.Clone(given)
	metadata["resourceVersion"] = strconv.Itoa(c.Tx.Serial())

	before, updated := old["metadata"].(map[string]any)
	if updated {
		metadata["uid"], metadata["creationTimestamp"] = before["uid"], before["creationTimestamp"]
	} else {
		digits := c.Digits(32)
		metadata["uid"] = digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
		metadata["creationTimestamp"] = c.Place.Now().UTC().Format(time.RFC3339)
	}

	c.Resource.Outputs["metadata"] = metadata

	return nil
}
