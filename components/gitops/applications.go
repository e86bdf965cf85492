package gitops

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// projectName is the Argo CD project of all applications.
const projectName = "platform"

// inCluster is the API server of Argo CD's own cluster.
const inCluster = "https://kubernetes.default.svc"

// project limits applications to our repository and their own namespaces, without cluster-wide objects.
func (b *builder) project() pulumi.Map {
	destinations := make(pulumi.Array, 0, len(b.args.Applications))
	for _, application := range b.args.Applications {
		destinations = append(destinations, pulumi.Map{
			"server": pulumi.String(inCluster), "namespace": pulumi.String(application.Name),
		})
	}

	return pulumi.Map{
		"description":  pulumi.String("The services of the platform"),
		"sourceRepos":  pulumi.Array{pulumi.String(b.args.Repository)},
		"destinations": destinations,
	}
}

// applications generates an Application for each application. A template can only be in a string, so the values, an
// object, are converted to one (Argo CD, "Go Template": toJson).
func (b *builder) applications() pulumi.Map {
	elements := make(pulumi.Array, 0, len(b.args.Applications))
	for _, application := range b.args.Applications {
		elements = append(elements, pulumi.Map{
			"name": pulumi.String(application.Name), "values": pulumi.Map{"platform": application.Platform},
		})
	}

	const name = "{{ .name }}"

	return pulumi.Map{
		"goTemplate":        pulumi.Bool(true),
		"goTemplateOptions": pulumi.ToStringArray([]string{"missingkey=error"}),
		"generators":        pulumi.Array{pulumi.Map{"list": pulumi.Map{"elements": elements}}},
		"template": pulumi.Map{
			"metadata": pulumi.Map{
				"name":       pulumi.String(name),
				"finalizers": pulumi.ToStringArray([]string{"resources-finalizer.argocd.argoproj.io"}),
			},
			"spec": pulumi.Map{
				"project": pulumi.String(projectName),
				"source": pulumi.Map{
					"repoURL":        pulumi.String(b.args.Repository),
					"targetRevision": pulumi.String(b.args.Revision),
					"path":           pulumi.String("apps/" + name + "/chart"),
					"helm": pulumi.Map{
						"releaseName": pulumi.String(name),
						"valueFiles":  pulumi.ToStringArray([]string{"../environments/" + b.args.Environment + ".yaml"}),
						"values":      pulumi.String("{{ .values | toJson }}"),
					},
				},
				"destination": pulumi.Map{"server": pulumi.String(inCluster), "namespace": pulumi.String(name)},
				"syncPolicy":  b.syncPolicy(),
			},
		},
	}
}

// syncPolicy retries a failed sync until it succeeds, at least once a minute. After a last retry, Argo CD would never
// sync the same commit again, not even to revert manual changes (controller/appcontroller.go of Argo CD, autoSync): a
// database outage longer than the retries would leave a release undeployed until the next commit. Each retry takes the
// newest commit: a revert of a failing release is deployed within a minute (docs/decisions/0022).
func (b *builder) syncPolicy() pulumi.Map {
	const unlimited, doubling = -1, 2

	return pulumi.Map{
		"automated": pulumi.Map{"prune": pulumi.Bool(b.args.Prune), "selfHeal": pulumi.Bool(b.args.SelfHeal)},
		"retry": pulumi.Map{
			"limit":   pulumi.Int(unlimited),
			"refresh": pulumi.Bool(true),
			"backoff": pulumi.Map{
				"duration": pulumi.String("10s"), "factor": pulumi.Int(doubling), "maxDuration": pulumi.String("1m"),
			},
		},
		"syncOptions": pulumi.ToStringArray([]string{"ServerSideApply=true"}),
	}
}
