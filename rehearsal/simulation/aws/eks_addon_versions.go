package aws

import (
	"fmt"
	"slices"
)

// offeredAddon is one of EKS's add-ons.
type offeredAddon struct {
	name string
	// replicas is set where the add-on runs as a Deployment, which needs nodes to become ready.
	replicas bool
	// versions are the default and the latest version for each minor, in the order of minors.
	versions [][2]string
}

// offeredAddons are the add-ons that the account offers. The versions of add-ons that the platform pins are from public
// configurations of 2026; the last digits of others are assumed.
func offeredAddons() []offeredAddon {
	return []offeredAddon{
		{"amazon-cloudwatch-observability", true, always("v4.5.0-eksbuild.1", "v4.7.0-eksbuild.1")},
		{"aws-ebs-csi-driver", true, always("v1.53.0-eksbuild.1", "v1.54.0-eksbuild.1")},
		{"aws-efs-csi-driver", true, always("v2.1.15-eksbuild.1", "v2.2.0-eksbuild.1")},
		{"coredns", true, [][2]string{
			{"v1.12.1-eksbuild.2", "v1.12.4-eksbuild.1"},
			{"v1.12.4-eksbuild.1", "v1.13.2-eksbuild.1"},
			{"v1.14.2-eksbuild.4", "v1.14.3-eksbuild.2"},
			{"v1.14.3-eksbuild.16", "v1.14.3-eksbuild.23"},
		}},
		{"eks-node-monitoring-agent", false, always("v1.4.2-eksbuild.1", "v1.5.0-eksbuild.1")},
		{"eks-pod-identity-agent", false, always("v1.3.10-eksbuild.2", "v1.3.10-eksbuild.3")},
		{"kube-proxy", false, [][2]string{
			{"v1.33.3-eksbuild.10", "v1.33.5-eksbuild.2"},
			{"v1.34.1-eksbuild.2", "v1.34.6-eksbuild.5"},
			{"v1.35.3-eksbuild.5", "v1.35.3-eksbuild.11"},
			{"v1.36.0-eksbuild.21", "v1.36.0-eksbuild.25"},
		}},
		{"metrics-server", true, [][2]string{
			{"v0.8.0-eksbuild.5", "v0.8.1-eksbuild.4"},
			{"v0.8.1-eksbuild.4", "v0.8.1-eksbuild.6"},
			{"v0.8.1-eksbuild.6", "v0.8.1-eksbuild.10"},
			{"v0.8.1-eksbuild.10", "v0.8.1-eksbuild.11"},
		}},
		{"snapshot-controller", true, always("v8.3.0-eksbuild.2", "v8.3.0-eksbuild.3")},
		{"vpc-cni", false, [][2]string{
			{"v1.20.4-eksbuild.2", "v1.21.1-eksbuild.1"},
			{"v1.21.1-eksbuild.1", "v1.21.1-eksbuild.8"},
			{"v1.21.1-eksbuild.8", "v1.22.1-eksbuild.2"},
			{"v1.22.4-eksbuild.3", "v1.22.4-eksbuild.4"},
		}},
	}
}

// always returns versions that all minors share.
func always(usual, latest string) [][2]string {
	return slices.Repeat([][2]string{{usual, latest}}, len(minors()))
}

func findAddon(name string) (offeredAddon, bool) {
	for _, candidate := range offeredAddons() {
		if candidate.name == name {
			return candidate, true
		}
	}

	return offeredAddon{}, false
}

// has reports whether a version is offered for a minor.
func (o offeredAddon) has(version, minor string) bool {
	place := slices.Index(minors(), minor)

	return slices.Contains(o.versions[place][:], version)
}

// releaseOf is the default or the latest version of an add-on for a minor.
func releaseOf(name, minor string, latest bool) (string, bool) {
	found, known := findAddon(name)

	place := slices.Index(minors(), minor)
	if !known || place < 0 {
		return "", false
	}

	if latest {
		return found.versions[place][1], true
	}

	return found.versions[place][0], true
}

// addonVersion returns the default or the latest version of an add-on.
func addonVersion(q query) (map[string]any, error) {
	name, minor := q.text("addonName"), q.text("kubernetesVersion")

	version, known := releaseOf(name, minor, q.arguments["mostRecent"] == true)
	if !known {
		return nil, fmt.Errorf("reading EKS Add-On version info (%s, %s): couldn't find resource", name, minor)
	}

	return map[string]any{"id": name, "version": version}, nil
}
