package settings_test

const (
	database = "platform:database"
	valkey   = "platform:cache"
	apps     = "platform:apps"
)

// ofSection returns what makes a mistake of one member of a section. Where it is to be set right, right is the value.
func ofSection(section string) func(member, json, got, want, right string) mistake {
	return func(member, json, got, want, right string) mistake {
		path := section + "." + member

		mend := "'" + path + "'"
		if right != "" {
			mend += " " + right
		}

		return mistake{map[string]string{path: json}, path, got, want, mend}
	}
}

func databaseMistakes() map[string]mistake {
	of := ofSection(database)

	const small = "db.t4g.small"

	return map[string]mistake{
		"a version out of support":   of("version", `"8.0"`, `"8.0"`, "8.4", "8.4"),
		"a number that is cut":       of("version", `8`, `8`, "in quotes", "8.4"),
		"without a class":            of("instanceClass", "", "nothing", "instance class", small),
		"a class of nodes":           of("instanceClass", `"t4g.micro"`, `"t4g.micro"`, "instance class", small),
		"a class of the cache":       of("instanceClass", `"cache.t4g.micro"`, `"cache.t4g.micro"`, "db.", small),
		"a class too old":            of("instanceClass", `"db.m4.large"`, `"db.m4.large"`, "MySQL 8.4 on", small),
		"a text as multi-AZ":         of("multiAz", `"yes"`, `"yes"`, "true or false", ""),
		"too large a class":          of("instanceClass", `"db.t4g.16xlarge"`, `"db.t4g.16xlarge"`, "xlarge, 2xlarge", small),
		"too small a class":          of("instanceClass", `"db.m7g.micro"`, `"db.m7g.micro"`, "but large, xlarge,", small),
		"a class between two":        of("instanceClass", `"db.r7g.3xlarge"`, `"db.r7g.3xlarge"`, "2xlarge, 4xlarge,", small),
		"too small a disk":           of("storageGiB", `10`, `10`, "from 20 to 59578", "20"),
		"too large a disk":           of("storageGiB", `70000`, `70000`, "from 20 to 59578", "20"),
		"a disk too large to grow":   of("storageGiB", `59579`, `59579`, "from 20 to 59578", "20"),
		"a part of a GiB":            of("storageGiB", `20.5`, `20.5`, "whole number", "20"),
		"a disk that cannot grow":    of("maxStorageGiB", `21`, `21`, "from 22", "22"),
		"a disk that grows for ever": of("maxStorageGiB", `65537`, `65537`, "to 65536", "22"),
		"backups of a day":           of("backupRetentionDays", `1`, `1`, "from 7 to 35", "7"),
		"backups of a year":          of("backupRetentionDays", `365`, `365`, "from 7 to 35", "7"),
		"a misspelt member":          of("multiAZ", `true`, `true`, "platform:database.multiAz?", ""),
		"a password":                 of("password", `"x"`, `"x"`, "no such key", ""),
	}
}

func parameterMistakes() map[string]mistake {
	of := ofSection(database + ".parameters")
	set := func(name, json, got, want string) mistake {
		made := of(name, json, got, want, "")
		made.values = map[string]string{database + ".parameters": `{"` + name + `": ` + json + `}`}

		return made
	}

	return map[string]mistake{
		"TLS turned off":     set("require_secure_transport", `"0"`, `"0"`, "encrypted"),
		"slow queries lost":  set("slow_query_log", `"0"`, `"0"`, "slow queries"),
		"another log's form": set("log_output", `"TABLE"`, `"TABLE"`, "another parameter"),
		"one that waits":     set("performance_schema", `"1"`, `"1"`, "waits for a restart"),
		"a capital":          set("Max", `"1"`, `"1"`, "name of a parameter"),
		"nothing":            set("max_connections", `""`, `""`, "a text"),
		"a list":             set("max_connections", `[1]`, `[1]`, "a text"),
	}
}

func cacheMistakes() map[string]mistake {
	of := ofSection(valkey)

	return map[string]mistake{
		"an old version":         of("version", `"7.2"`, `"7.2"`, "8.0, 8.1 or 8.2", "8.2"),
		"without a type":         of("nodeType", "", "nothing", "node type", "cache.t4g.micro"),
		"a type of the database": of("nodeType", `"db.t4g.micro"`, `"db.t4g.micro"`, "cache.t4g.micro", "cache.t4g.micro"),
		"a type too old":         of("nodeType", `"cache.m3.large"`, `"cache.m3.large"`, "Valkey", "cache.t4g.micro"),
		"too large a type": of("nodeType", `"cache.t4g.24xlarge"`, `"cache.t4g.24xlarge"`, "but micro, small, medium",
			"cache.t4g.micro"),
		"too many replicas":   of("replicas", `6`, `6`, "from 0 to 5", "0"),
		"less than none":      of("replicas", `-1`, `-1`, "from 0 to 5", "0"),
		"no snapshots":        of("snapshotRetentionDays", `0`, `0`, "from 1 to 35", "7"),
		"snapshots of a year": of("snapshotRetentionDays", `365`, `365`, "from 1 to 35", "7"),
	}
}

func ingressMistakes() map[string]mistake {
	of := ofSection("platform:ingress")
	arn := func(of string) string { return `"arn:aws:` + of + `/12345678-1234-1234-1234-123456789012"` }
	elsewhere, server := arn("acm:eu-west-1:123456789012:certificate"), arn("iam::123456789012:server-certificate")

	return map[string]mistake{
		"a host with a path":           of("host", `"a.com/flights"`, `"a.com/flights"`, "a host name", "flightsvc.com"),
		"a name":                       of("certificateArn", `"flightsvc.com"`, `"flightsvc.com"`, "ARN", ""),
		"a certificate of IAM":         of("certificateArn", server, server, "of ACM", ""),
		"a certificate from elsewhere": of("certificateArn", elsewhere, elsewhere, "us-east-1", ""),
	}
}

func gitOpsMistakes() map[string]mistake {
	of := ofSection("platform:gitops")

	return map[string]mistake{
		"a folder":                  of("repository", `"../platform"`, `"../platform"`, "URL", ""),
		"a password in the URL":     of("repository", `"https://a:b@example.com"`, `"https://a:b@example.com"`, "URL", ""),
		"without a revision":        of("revision", "", "nothing", "a branch", "main"),
		"a revision that is two":    of("revision", `"main release"`, `"main release"`, "a branch", "main"),
		"a secret itself":           of("credentialsSecret", `"ghp_Secret"`, `"ghp_Secret"`, "the name of a secret", ""),
		"three Redises, no nodes":   of("highlyAvailable", `true`, `true`, "3 nodes at least", "false"),
		"a text as high available":  of("highlyAvailable", `"yes"`, `"yes"`, "true or false", ""),
		"a text as pruning":         of("prune", `"yes"`, `"yes"`, "true or false", ""),
		"an unknown way of healing": of("selfHealing", `true`, `true`, "platform:gitops.selfHeal?", ""),
	}
}

func runnerMistakes() map[string]mistake {
	const path, repository = "platform:runner", `"https://github.com/msur/platform"`

	of := func(json, want string) mistake {
		return mistake{
			map[string]string{path: `{"repository": ` + json + `}`},
			path + ".repository", json, want, "'" + path + ".repository'",
		}
	}

	unreachable := of(repository, "platform:network.nat")
	unreachable.values["platform:network.nat"] = `"none"`

	return map[string]mistake{
		"an owner alone":      of(`"https://github.com/msur"`, "https://github.com/<owner>/<name>"),
		"a page of it":        of(`"https://github.com/msur/platform/actions"`, "https://github.com/<owner>/<name>"),
		"a token in the URL":  of(`"https://ghp_a@github.com/msur/platform"`, "https://github.com/<owner>/<name>"),
		"another host":        of(`"https://example.com/msur/platform"`, "https://github.com/<owner>/<name>"),
		"SSH":                 of(`"git@github.com:msur/platform.git"`, "https://github.com/<owner>/<name>"),
		"no way to GitHub":    unreachable,
		"a truth, not an URL": of(`true`, "https://github.com/<owner>/<name>"),
	}
}

func appMistakes() map[string]mistake {
	of := ofSection(apps)
	app := func(name, json, got, want string) mistake {
		made := of(name, json, got, want, "")
		made.values = map[string]string{apps: `{"` + name + `": ` + json + `}`}

		return made
	}
	needs := func(json, at, got, want string) mistake {
		made := app("flights", `{"path": "/flights", "needs": `+json+`}`, got, want)
		made.path += ".needs" + at
		made.mend = "'" + made.path + "'"

		return made
	}

	// Twice, with "sandbox" before it, one more than the 64 characters of a role's name.
	const long = "a23456789-123456789-12345678"

	// path sets that of an application beside another one.
	path := func(json, got, want string) mistake {
		made := app("flights", `{"path": `+json+`}, "alone": {"path": "/taken"}`, got, want)
		made.path += ".path"
		made.mend = "'" + made.path + "' /flights"

		return made
	}

	return map[string]mistake{
		"a capital":           app("Flights", `{}`, `{}`, "small letter"),
		"too long a name":     app(long, `{}`, `{}`, "at most 27"),
		"the migration's":     app("migrate", `{}`, `{}`, "another name: what ends in migrate"),
		"a migration's role":  app("flights-migrate", `{}`, `{}`, "another name: what ends in migrate"),
		"a namespace of ours": app("argocd", `{}`, `{}`, "another name"),
		"one of Kubernetes's": app("kube-public", `{}`, `{}`, "another name"),
		"without a path":      path(`""`, `""`, "/flights"),
		"a path that is none": path(`"flights"`, `"flights"`, "/flights"),
		"a path with a query": path(`"/flights?a=b"`, `"/flights?a=b"`, "/flights"),
		"another's path":      path(`"/taken"`, `"/taken"`, "alone has /taken"),
		"a list":              app("flights", `["mysql"]`, `["mysql"]`, "object of needs, path"),
		"an unknown store":    needs(`["mysql", "mongo"]`, "[1]", `"mongo"`, "mysql or redis"),
		"a store twice":       needs(`["redis", "redis"]`, "[1]", `"redis"`, "once"),
		"a store by itself":   needs(`"mysql"`, "", `"mysql"`, "a list of stores"),
	}
}

func environmentMistakes() map[string]mistake {
	of := ofSection("platform:environment")

	made := of("protect", `"no"`, `"no"`, "true or false", "")
	made.values = map[string]string{"platform:environment": `{"protect": "no"}`}

	return map[string]mistake{"a text": made}
}
