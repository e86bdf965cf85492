package kubernetes

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeRelease = "kubernetes:helm.sh/v3:Release"

// release is a Helm release. Its chart is not rendered, so the names of its objects are unknown. rollout.go knows
// workloads that need nodes of their own.
func release() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRelease, Title: "Helm Release",
		ID:       "{namespace}/{name}",
		AutoName: &behaviour.AutoName{Property: "name", Limit: 53},
		Computed: []behaviour.Output{
			{Name: "resourceNames", Value: map[string]any{}},
			{Name: "status", Make: releaseStatus, Volatile: true},
		},
		ForceNew:   []string{"name", "namespace"},
		References: []behaviour.Reference{releaseNamespace()},
		Unique: []behaviour.Unique{{
			Properties: []string{"namespace", "name"},
			Taken: func(*behaviour.Call, account.Resource) error {
				return refuse("cannot re-use a name that is still in use")
			},
		}},
		Checks:  []func(*behaviour.Call) error{checkReleaseNamespace, checkRollout},
		Created: makeNamespace,
		Missing: func(string) error { return refuse("release: not found") },
	}
}

// releaseNamespace can be absent: the release can create it.
func releaseNamespace() behaviour.Reference {
	reference := inNamespace("namespace")
	reference.Skip = func(string) bool { return true }

	return reference
}

func checkReleaseNamespace(c *behaviour.Call) error {
	name := c.Text("namespace")
	if _, exists := c.Get(typeNamespace, name); exists || c.True("createNamespace") || inNamespace("").Skip(name) {
		return nil
	}

	return refuse("create: failed to create: namespaces %q not found", name)
}

// makeNamespace creates the namespace of a release with createNamespace. As in Helm, it outlives the release.
func makeNamespace(c *behaviour.Call) error {
	name := c.Text("namespace")
	if _, exists := c.Get(typeNamespace, name); exists || !c.True("createNamespace") || inNamespace("").Skip(name) {
		return nil
	}

	c.Leave(typeNamespace, name, map[string]any{"metadata": map[string]any{"name": name}})

	return nil
}

// releaseStatus counts the revisions.
func releaseStatus(c *behaviour.Call) any {
	revision := 1.0

	if before, exists := c.Tx.Get(c.Resource.Key); exists {
		status, _ := before.Outputs["status"].(map[string]any)
		last, _ := status["revision"].(float64)
		revision = last + 1
	}

	return map[string]any{
		"status": "deployed", "name": c.Text("name"), "namespace": c.Text("namespace"), "revision": revision,
		"chart": chartName(c.Resource), "version": c.Text("version"), "appVersion": "",
	}
}
