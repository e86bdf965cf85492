package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/stacks/settings"
)

func TestProblemsAddUp(t *testing.T) {
	t.Parallel()

	problem := func(path, want string) settings.Problem {
		return settings.Problem{Path: path, Got: "got by " + want, Want: want, Mend: "mend of " + want}
	}

	tests := map[string]struct {
		told, more, want settings.Problems
	}{
		"sorted by path": {
			settings.Problems{problem("b", "1")},
			settings.Problems{problem("c", "2"), problem("a", "3")},
			settings.Problems{problem("a", "3"), problem("b", "1"), problem("c", "2")},
		},
		"a part of what is wrong is not told": {
			settings.Problems{problem("a.b", "1")},
			settings.Problems{problem("a.b.c", "2"), problem("a.b[0]", "3")},
			settings.Problems{problem("a.b", "1")},
		},
		"a namesake is no part": {
			settings.Problems{problem("a.b", "1")},
			settings.Problems{problem("a.bc", "2")},
			settings.Problems{problem("a.b", "1"), problem("a.bc", "2")},
		},
		"what is told last knows most, but for what was got": {
			settings.Problems{problem("a", "1")},
			settings.Problems{problem("a", "2")},
			settings.Problems{{Path: "a", Got: "got by 1", Want: "2", Mend: "mend of 2"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			before := append(settings.Problems{}, test.told...)

			assert.Equal(t, test.want, test.told.With(test.more...))
			assert.Equal(t, before, test.told, "what was told is unchanged")
		})
	}
}

func TestAProblemIsOneLineThatSaysWhatToType(t *testing.T) {
	t.Parallel()

	problem := settings.Problem{
		Path: "platform:network.nat", Got: `"x"`, Want: "single",
		Mend: settings.SetCommand("sandbox", "platform:network.nat", "single"),
	}

	for _, part := range []string{problem.Path, problem.Got, problem.Want, problem.Mend} {
		assert.Contains(t, problem.String(), part)
	}

	assert.NotContains(t, problem.String(), "\n")
}
