package settings_test

import (
	"strings"
	"testing"
)

func TestRunnerMistakes(t *testing.T) {
	t.Parallel()

	const path = "platform:runner"

	of := func(json, want string) mistake {
		return mistake{
			map[string]string{path: `{"repository": ` + json + `}`},
			path + ".repository", strings.Replace(json, "ghp_a@", "***@", 1), want, "'" + path + ".repository'",
		}
	}

	checkMistakes(t, map[string]mistake{
		"an owner alone":         of(`"https://github.com/msur"`, "https://github.com/<owner>/<name>"),
		"a page of a repository": of(`"https://github.com/msur/platform/actions"`, "https://github.com/<owner>/<name>"),
		"a token in the URL":     of(`"https://ghp_a@github.com/msur/platform"`, "https://github.com/<owner>/<name>"),
		"another host":           of(`"https://example.com/msur/platform"`, "https://github.com/<owner>/<name>"),
		"SSH":                    of(`"git@github.com:msur/platform.git"`, "https://github.com/<owner>/<name>"),
		"a boolean":              of(`true`, "https://github.com/<owner>/<name>"),
	})
}
