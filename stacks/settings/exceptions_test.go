package settings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/stacks/settings"
)

func TestAnExceptionEndsAfterItsLastDay(t *testing.T) {
	t.Parallel()

	exception := settings.Exception{Until: "2027-06-30"}
	assert.False(t, exception.Ended(time.Date(2027, 6, 30, 23, 59, 0, 0, time.UTC)))
	assert.True(t, exception.Ended(time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)))
}

func TestExceptionMistakes(t *testing.T) {
	t.Parallel()

	const path = "platform:exceptions"

	checkMistakes(t, map[string]mistake{
		"no id of a control": {
			map[string]string{path: `{"openAPI": {"reason":"a trial","until":"2027-06-30"}}`},
			path + ".openAPI",
			`{"reason":"a trial","until":"2027-06-30"}`, "docs/scorecard.md", "'" + path + ".openAPI'",
		},
		"no reason": {
			map[string]string{path: `{"K1": {"until": "2027-06-30"}}`},
			path + ".K1.reason", "nothing", "why",
			"'" + path + ".K1.reason' '<why K1 may fail>'",
		},
		"no last day": {
			map[string]string{path: `{"K1": {"reason": "a trial"}}`},
			path + ".K1.until", "nothing", "2027-06-30",
			"'" + path + ".K1.until' 2027-06-30",
		},
		"no date": {
			map[string]string{path: `{"K1": {"reason": "a trial", "until": "summer"}}`},
			path + ".K1.until", `"summer"`,
			"2027-06-30", "'" + path + ".K1.until' 2027-06-30",
		},
	})
}
