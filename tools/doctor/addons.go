package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// addons compares the versions of the add-ons with those that EKS has for the Kubernetes version. A preview cannot:
// AWS's provider looks up only the default and the latest version.
func (d *doctor) addons(ctx context.Context) []finding {
	const subject = "platform:cluster.addons"

	minor := d.settings.Cluster.Version

	var answer struct {
		Addons []struct {
			AddonName     string
			AddonVersions []struct{ AddonVersion string }
		}
	}

	err := d.aws(ctx, &answer, "eks", "describe-addon-versions", "--kubernetes-version", minor)
	if err != nil {
		return failed(subject, err)
	}

	offered := make(map[string][]string)

	for _, addon := range answer.Addons {
		for _, version := range addon.AddonVersions {
			offered[addon.AddonName] = append(offered[addon.AddonName], version.AddonVersion)
		}
	}

	var found []finding

	for name, version := range d.settings.Cluster.AddonVersions() {
		path := config.Member(subject, name)

		switch {
		case len(offered[name]) == 0:
			found = append(found, finding{
				status: missing, subject: path, text: fmt.Sprintf("EKS has no %s for Kubernetes %s", name, minor),
				fix: config.RemoveCommand(d.stack, path),
			})
		case version != "" && !slices.Contains(offered[name], version):
			near := nearest(version, offered[name])
			found = append(found, finding{
				status: missing, subject: path + ".version",
				text: fmt.Sprintf("EKS has no %s for Kubernetes %s; nearest: %s", version, minor, strings.Join(near, ", ")),
				fix:  config.SetCommand(d.stack, path+".version", near[0]),
			})
		}
	}

	if len(found) == 0 {
		return []finding{{status: ready, subject: subject, text: "EKS has every version for Kubernetes " + minor}}
	}

	slices.SortFunc(found, func(a, b finding) int { return cmp.Compare(a.subject, b.subject) })

	return found
}

// nearest are the next earlier and the next later of some versions.
func nearest(version string, offered []string) []string {
	slices.SortFunc(offered, settings.CompareAddonVersions)
	place, _ := slices.BinarySearchFunc(offered, version, settings.CompareAddonVersions)

	return offered[max(0, place-1):min(len(offered), place+1)]
}
