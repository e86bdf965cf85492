package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/internal/config"
)

func TestProblemsAreMerged(t *testing.T) {
	t.Parallel()

	problem := func(path, want string) config.Problem {
		return config.Problem{Path: path, Got: "got by " + want, Expected: want, Fix: "fix for " + want}
	}

	tests := map[string]struct {
		known, more, want config.Problems
	}{
		"sorted by path": {
			config.Problems{problem("b", "1")},
			config.Problems{problem("c", "2"), problem("a", "3")},
			config.Problems{problem("a", "3"), problem("b", "1"), problem("c", "2")},
		},
		"a part of an invalid value is dropped": {
			config.Problems{problem("a.b", "1")},
			config.Problems{problem("a.b.c", "2"), problem("a.b[0]", "3")},
			config.Problems{problem("a.b", "1")},
		},
		"a part of a removed value is dropped": {
			config.Problems{problem("a.b[0]", "1"), problem("a.c", "2")},
			config.Problems{{Path: "a.b", Expected: "3", Fix: config.RemoveCommand("x", "a.b")}},
			config.Problems{{Path: "a.b", Expected: "3", Fix: config.RemoveCommand("x", "a.b")}, problem("a.c", "2")},
		},
		"a longer name is not a part": {
			config.Problems{problem("a.b", "1")},
			config.Problems{problem("a.bc", "2")},
			config.Problems{problem("a.b", "1"), problem("a.bc", "2")},
		},
		"the later problem replaces the earlier one, except Got": {
			config.Problems{problem("a", "1")},
			config.Problems{problem("a", "2")},
			config.Problems{{Path: "a", Got: "got by 1", Expected: "2", Fix: "fix for 2"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			before := append(config.Problems{}, test.known...)

			assert.Equal(t, test.want, test.known.With(test.more...))
			assert.Equal(t, before, test.known, "the receiver is unchanged")
		})
	}
}

func TestAProblemIsOneLineWithItsFix(t *testing.T) {
	t.Parallel()

	problem := config.Problem{
		Path: "platform:network.nat", Got: `"x"`, Expected: "single",
		Fix: config.SetCommand("sandbox", "platform:network.nat", "single"),
	}

	for _, part := range []string{problem.Path, problem.Got, problem.Expected, problem.Fix} {
		assert.Contains(t, problem.String(), part)
	}

	assert.NotContains(t, problem.String(), "\n")
}
