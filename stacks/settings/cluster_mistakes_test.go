package settings_test

const cluster = "platform:cluster"

func clusterMistakes() map[string]mistake {
	const path = cluster + ".version"

	version := func(json, got string) mistake {
		return mistake{map[string]string{path: json}, path, got, "in quotes, one of 1.34, 1.35", "'" + path + "' 1.35"}
	}

	return map[string]mistake{
		"without a version":       version("", "nothing"),
		"an unknown version":      version(`"1.12"`, `"1.12"`),
		"a patch of a version":    version(`"1.35.1"`, `"1.35.1"`),
		"a number that is cut":    version(`1.30`, `1.30`),
		"another number":          version(`135`, `135`),
		"a list as version":       version(`["1.35"]`, `["1.35"]`),
		"an empty version":        version(`""`, `""`),
		"a misspelt member":       remove(cluster+".nods", `{}`, "", `{}`, "platform:cluster.nodes?"),
		"an unknown member":       remove(cluster+".colour", `"red"`, "", `"red"`, "no such key"),
		"a list as its nodes":     remove(cluster+".nodes", `[]`, "", `[]`, "kinds of nodes, by name"),
		"a number as its add-ons": remove(cluster+".addons", `5`, "", `5`, "add-ons, by name"),
		"nodes without NAT": {
			map[string]string{cluster + ".nodes": kind(""), "platform:network.nat": `"none"`},
			"platform:network.nat", `"none"`, "nodes pull no images", "'platform:network.nat' single",
		},
	}
}

func principalMistakes() map[string]mistake {
	const (
		admins  = cluster + ".admins"
		viewers = cluster + ".viewers"
		audits  = cluster + ".auditors"
		form    = "role/<name>, user/<name>, or an ARN"
		once    = "each principal once"
	)

	return map[string]mistake{
		"a text as admins":     remove(admins, `"role/deploy"`, "", `"role/deploy"`, "a list of IAM roles"),
		"an object as viewers": remove(viewers, `{}`, "", `{}`, "a list of IAM roles"),
		"a bare name":          remove(admins, `["deploy"]`, "[0]", `"deploy"`, form),
		"a group":              remove(admins, `["role/a", "group/b"]`, "[1]", `"group/b"`, form),
		"an assumed role": remove(admins, `["arn:aws:sts::123456789012:assumed-role/a/b"]`, "[0]",
			`"arn:aws:sts::123456789012:assumed-role/a/b"`, form),
		"an account's root": remove(viewers, `["arn:aws:iam::123456789012:root"]`, "[0]",
			`"arn:aws:iam::123456789012:root"`, form),
		"a role without a name":  remove(admins, `["role/"]`, "[0]", `"role/"`, form),
		"a path without a name":  remove(admins, `["role/a/"]`, "[0]", `"role/a/"`, form),
		"a list in it":           remove(admins, `[["role/a"]]`, "[0]", `["role/a"]`, form),
		"nothing in it":          remove(viewers, `[null]`, "[0]", "nothing", form),
		"twice":                  remove(admins, `["role/a", "user/b", "role/a"]`, "[2]", `"role/a"`, once),
		"a text as auditors":     remove(audits, `"role/a"`, "", `"role/a"`, "a list of IAM roles"),
		"in auditors as well":    remove(audits, `["role/platform-deploy"]`, "[0]", `"role/platform-deploy"`, once),
		"in viewers as well":     remove(viewers, `["role/platform-deploy"]`, "[0]", `"role/platform-deploy"`, once),
		"alike with their paths": remove(admins, `["role/a/b", "role/a-b"]`, "[1]", `"role/a-b"`, "admins[0] is"),
		"alike in two accounts": remove(admins, `["role/a", "arn:aws:iam::210987654321:role/a"]`, "[1]",
			`"arn:aws:iam::210987654321:role/a"`, "admins[0] is"),
	}
}

func publicAccessMistakes() map[string]mistake {
	const path = cluster + ".publicAccessCidrs"

	return map[string]mistake{
		"a text":        remove(path, `"203.0.113.0/24"`, "", `"203.0.113.0/24"`, "a list of IPv4 CIDRs"),
		"no CIDR":       remove(path, `["here"]`, "[0]", `"here"`, "an IPv4 CIDR"),
		"no prefix":     remove(path, `["203.0.113.7"]`, "[0]", `"203.0.113.7"`, "an IPv4 CIDR"),
		"a number":      remove(path, `[203]`, "[0]", `203`, "an IPv4 CIDR"),
		"nothing in it": remove(path, `["203.0.113.0/24", null]`, "[1]", "nothing", "an IPv4 CIDR"),
		"IPv6":          remove(path, `["2001:db8::/32"]`, "[0]", `"2001:db8::/32"`, "an IPv4 CIDR"),
		"host bits": {
			map[string]string{path: `["198.51.100.0/24", "203.0.113.7/24"]`},
			path + "[1]", `"203.0.113.7/24"`,
			"first address of the range, 203.0.113.0/24", "'" + path + "[1]' 203.0.113.0/24",
		},
		"twice": remove(path, `["203.0.113.0/24", "203.0.113.0/24"]`, "[1]", `"203.0.113.0/24"`, "each range once"),
	}
}

func addonMistakes() map[string]mistake {
	const path = cluster + ".addons"

	return map[string]mistake{
		"a version": remove(path, `{"coredns": "v1"}`, ".coredns", `"v1"`, "an object of role, values, version"),
		"upstream's version": remove(path, `{"coredns": {"version": "1.12.0"}}`, ".coredns.version", `"1.12.0"`,
			"such as v1.20.4-eksbuild.2"),
		"a number as version": remove(path, `{"coredns": {"version": 1}}`, ".coredns.version", `1`, "such as v1.20.4"),
		"a list as version":   remove(path, `{"coredns": {"version": []}}`, ".coredns.version", `[]`, "such as v1.20.4"),
		"a list of values":    remove(path, `{"coredns": {"values": []}}`, ".coredns.values", `[]`, "add-on's own schema"),
		"a misspelt member":   remove(path, `{"coredns": {"value": {}}}`, ".coredns.value", `{}`, "addons.coredns.values?"),
		"a dot in its name":   remove(path, `{"a.b": {"x": 1}}`, `["a.b"].x`, `1`, "no such key"),
		"a role that it has":  remove(path, `{"vpc-cni": {"role": {}}}`, ".vpc-cni.role", `{}`, "no role"),
		"a text as role":      remove(path, `{"x": {"role": "admin"}}`, ".x.role", `"admin"`, "an object of namespace"),
	}
}

func addonRoleMistakes() map[string]mistake {
	const (
		path    = cluster + ".addons"
		policy  = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy"
		account = `"serviceAccount": "x"`
		listed  = `"policies": ["` + policy + `"]`
		long    = "a23456789-123456789-123456789-123456789-12345" // with "sandbox-kube-system-" before it, one too many
	)

	role := func(members, at, got, want string) mistake {
		return remove(path, `{"x": {"role": {`+members+`}}}`, ".x.role."+at, got, want)
	}
	// Without the member there is no role, which is taken away whole.
	whole := func(members, at, got, want string) mistake {
		of := role(members, at, got, want)
		of.mend = "'" + path + ".x.role'"

		return of
	}

	return map[string]mistake{
		"without account":   whole(listed, "serviceAccount", "nothing", "service account"),
		"a capital account": whole(listed+`, "serviceAccount": "X"`, "serviceAccount", `"X"`, "service account"),
		"too long a role": whole(listed+`, "serviceAccount": "`+long+`"`, "serviceAccount", `"`+long+`"`,
			"sandbox-<namespace>-<service account> has at most 64 characters"),
		"a list as account":  whole(listed+`, "serviceAccount": []`, "serviceAccount", `[]`, "service account"),
		"a bad namespace":    role(listed+`, `+account+`, "namespace": "a b"`, "namespace", `"a b"`, "namespace"),
		"without policies":   whole(account, "policies", "nothing", "one at least"),
		"an empty list":      whole(account+`, "policies": []`, "policies", `[]`, "one at least"),
		"a text as policies": whole(account+`, "policies": "`+policy+`"`, "policies", `"`+policy+`"`, "one at least"),
		"a policy's name": role(account+`, "policies": ["AmazonEBSCSIDriverPolicy"]`, "policies[0]",
			`"AmazonEBSCSIDriverPolicy"`, "the ARN of a managed policy"),
		"a role's ARN": role(account+`, "policies": ["`+policy+`", "arn:aws:iam::123456789012:role/x"]`, "policies[1]",
			`"arn:aws:iam::123456789012:role/x"`, "the ARN of a managed policy"),
		"a policy twice": role(account+`, "policies": ["`+policy+`", "`+policy+`"]`, "policies[1]", `"`+policy+`"`, "once"),
		"policies alike": role(account+`, "policies": ["arn:aws:iam::aws:policy/a/P", "arn:aws:iam::aws:policy/P"]`,
			"policies[1]", `"arn:aws:iam::aws:policy/P"`, "arn:aws:iam::aws:policy/a/P has"),
		"an unknown member": role(account+`, `+listed+`, "name": "x"`, "name", `"x"`, "no such key"),
	}
}

// remove is a mistake at a part of the path that is configured, which is to be taken away.
func remove(configured, json, at, got, want string) mistake {
	return mistake{map[string]string{configured: json}, configured + at, got, want, "'" + configured + at + "'"}
}
