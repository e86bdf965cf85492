package controls

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// restrictedPods is C1. The API server rejects pods that do not satisfy the level of their namespace; the level does
// not require a read-only root.
func restrictedPods(c *check) {
	for _, namespace := range c.all(typeNamespace) {
		c.require(namespace, requirements{
			{`metadata.labels["pod-security.kubernetes.io/enforce"]`, is("restricted"), "expected restricted"},
		})
	}

	c.eachPod(func(_ chart, p pod) []string {
		problems := p.unmet(p.path+"spec.", requirements{
			{"hostNetwork", is(nil, false), "must not be set"},
			{"hostPID", is(nil, false), "must not be set"},
			{"hostIPC", is(nil, false), "must not be set"},
			{"securityContext.runAsNonRoot", is(true), "must be true"},
			{"securityContext.seccompProfile.type", is("RuntimeDefault"), "must be RuntimeDefault"},
		})

		for _, container := range p.containers() {
			problems = append(problems, p.unmet(container+".securityContext.", requirements{
				{"runAsNonRoot", is(nil, true), "must not be false"},
				{"privileged", is(nil, false), "must not be set"},
				{"allowPrivilegeEscalation", is(false), "must be false"},
				{"readOnlyRootFilesystem", is(true), "must be true"},
				{"capabilities.drop", includes("ALL"), "must contain ALL"},
				{"capabilities.add", blank, "must be empty"},
			})...)
		}

		return problems
	})
}

// serviceAccounts is C2. A test of a chart runs as the default account, which has no permissions.
func serviceAccounts(c *check) {
	c.eachPod(func(all chart, p pod) []string {
		problems := p.unmet(p.path+"spec.", requirements{
			{"automountServiceAccountToken", is(false), "must be false"},
		})

		account := text(p.Resource, p.path+"spec.serviceAccountName")
		shares := func(other pod) bool {
			return other.name() != p.name() && text(other.Resource, other.path+"spec.serviceAccountName") == account
		}
		isOwn := slices.ContainsFunc(all.kind("ServiceAccount"), func(m manifest) bool { return m.name() == account }) &&
			!slices.ContainsFunc(all.pods(), shares)

		if !isOwn && (account != "" || !p.isTest()) {
			problems = append(problems, p.path+"spec.serviceAccountName must be an account of the chart that no other pod has")
		}

		return problems
	})
}

// deniedTraffic is C3: one policy denies all traffic of all pods, and another allows the traffic of this pod.
func deniedTraffic(c *check) {
	c.eachPod(func(all chart, p pod) []string {
		var denied, allowed bool

		for _, policy := range all.kind("NetworkPolicy") {
			selector, _ := input(policy.Resource, "spec.podSelector").(map[string]any)
			types := input(policy.Resource, "spec.policyTypes")
			rules := append(list(policy.Resource, "spec.ingress"), list(policy.Resource, "spec.egress")...)

			if len(selector) == 0 {
				denied = denied || len(rules) == 0 && includes("Ingress")(types) && includes("Egress")(types)
			} else {
				allowed = allowed || p.matches(selector)
			}
		}

		var problems []string
		if !denied {
			problems = append(problems, "no NetworkPolicy denies all traffic")
		}

		if !allowed {
			problems = append(problems, "no NetworkPolicy is about this pod")
		}

		return problems
	})
}

// matches reports whether a selector by labels selects the pod.
func (p pod) matches(selector map[string]any) bool {
	wanted, _ := selector["matchLabels"].(map[string]any)

	for name, value := range wanted {
		if p.labels()[name] != value {
			return false
		}
	}

	return len(wanted) > 0
}

// emptyDefault is C4.
func emptyDefault(c *check) {
	elsewhere := func(value any) bool { return value != nil && value != "" && value != "default" }
	expected := "expected a namespace other than default"

	c.each("kubernetes:helm.sh/v3:Release", requirements{{"namespace", elsewhere, expected}})
	c.each(typeApplications, requirements{{"spec.template.spec.destination.namespace", elsewhere, expected}})

	for _, all := range c.charts() {
		for _, m := range all {
			c.holdAt(Evidence{File: m.file, Property: "metadata.namespace"}, input(m.Resource, "metadata.namespace") == nil,
				m.kind()+"/"+m.name()+" must have none: Argo CD sets it")
		}
	}
}

// reliablePods is C5. Only pods of Deployments are to stay available.
func reliablePods(c *check) {
	set := func(value any) bool { return !blank(value) }
	stable := func(image any) bool { return strings.Contains(fmt.Sprint(image), "@") }

	c.eachPod(func(all chart, p pod) []string {
		var problems []string

		for _, container := range p.containers() {
			problems = append(problems, p.unmet(container+".", requirements{
				{"image", stable, "must be named by its digest"},
				{"resources.requests.cpu", set, "is missing"},
				{"resources.requests.memory", set, "is missing"},
				{"resources.limits.memory", set, "is missing"},
			})...)

			if p.kind() == "Deployment" {
				problems = append(problems, p.unmet(container+".", requirements{
					{"startupProbe", set, "is missing"}, {"livenessProbe", set, "is missing"}, {"readinessProbe", set, "is missing"},
				})...)
			}
		}

		if p.kind() == "Deployment" {
			problems = append(problems, p.unmet(p.path+"spec.", requirements{
				{"topologySpreadConstraints", set, "is missing"},
			})...)

			for _, kind := range []string{"PodDisruptionBudget", "HorizontalPodAutoscaler"} {
				if len(all.kind(kind)) == 0 {
					problems = append(problems, "the chart has no "+kind)
				}
			}
		}

		return problems
	})

	c.besides = "tests check the findings of kube-score and kubeconform"
}

// noSecretValues is C6.
func noSecretValues(c *check) {
	secret := regexp.MustCompile(`(?i)(password|passwd|secret|token|private_?key)$`)
	values := func(name string, value any) bool {
		written, isText := value.(string)

		return isText && written != "" && secret.MatchString(name)
	}

	for _, r := range c.all(typeApplications, "kubernetes:helm.sh/v3:Release") {
		c.hold(r, "values", !contains(r.Inputs, values), "a value is a secret: read it from a file")
	}

	for _, all := range c.charts() {
		for _, m := range all.kind("Secret") {
			c.report(m, []string{"the chart renders a Secret: read it from a file"})
		}

		for _, p := range all.pods() {
			var problems []string

			for _, container := range p.containers() {
				for _, variable := range elements(p.Resource, container+".env") {
					if name := text(p.Resource, variable+".name"); values(name, input(p.Resource, variable+".value")) {
						problems = append(problems, variable+" ("+name+") is a secret: read it from a file")
					}
				}
			}

			c.report(p.manifest, problems)
		}
	}
}

// fittingPods is C7: only tests render the charts of Argo CD and Traefik, whose pods need room too.
func fittingPods(c *check) { c.tested = len(c.all(typeApplications)) > 0 }
