package aws

import "fmt"

// releaseOf is the default or the latest version of an add-on for a minor.
func releaseOf(name, kubernetes string, latest bool) (string, bool) {
	found, known := versions().Addons[name]
	if !known || minor(kubernetes) < minor(versions().Kubernetes[0]) {
		return "", false
	}

	if latest {
		return found.of(kubernetes)[1], true
	}

	return found.of(kubernetes)[0], true
}

// addonVersion returns the default or the latest version of an add-on.
func addonVersion(q query) (map[string]any, error) {
	name, kubernetes := q.text("addonName"), q.text("kubernetesVersion")

	version, known := releaseOf(name, kubernetes, q.arguments["mostRecent"] == true)
	if !known {
		return nil, fmt.Errorf("reading EKS Add-On version info (%s, %s): couldn't find resource", name, kubernetes)
	}

	return map[string]any{"id": name, "version": version}, nil
}
