package settings

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/msur/platform/internal/config"
)

// Exception is a member of platform:exceptions. It says why the environment may fail a control of the score card
// (docs/scorecard.md), and until when.
type Exception struct {
	// Reason tells a reviewer why the control may fail.
	Reason string `mapstructure:"reason"`
	// Until is the last day of the exception, such as "2027-06-30". From the next day on, the control fails and every run
	// warns.
	Until string `mapstructure:"until"`
}

// Ended reports whether the exception's last day is over.
func (e Exception) Ended(now time.Time) bool {
	last, err := time.Parse(time.DateOnly, e.Until)

	return err == nil && !now.Before(last.AddDate(0, 0, 1))
}

const exceptionsPath = "platform:exceptions"

func exceptionKeys() config.Keys {
	return config.Keys{
		exceptionsPath:               {Expected: "an object of exceptions, by the control's id, such as K1"},
		exceptionsPath + ".*.reason": {Expected: "why the control may fail"},
		exceptionsPath + ".*.until":  {Expected: `the last day in quotes, such as "2027-06-30"`},
	}
}

// controlForm matches the ids of the score card.
var controlForm = regexp.MustCompile(`^[A-Z][0-9]{1,2}$`)

func (c *checker) checkExceptions() {
	for _, id := range slices.Sorted(maps.Keys(c.settings.Exceptions)) {
		at, exception := config.Member(exceptionsPath, id), c.settings.Exceptions[id]

		if !controlForm.MatchString(id) {
			c.Report(at, "the id of a control of docs/scorecard.md, such as K1", c.Remove(at))

			continue
		}

		if path := at + ".reason"; exception.Reason == "" {
			c.Report(path, c.Expected(path), c.Set(path, "<why "+id+" may fail>"))
		}

		if _, err := time.Parse(time.DateOnly, exception.Until); err != nil {
			path := at + ".until"
			c.Report(path, c.Expected(path), c.SetString(path, "2027-06-30"))
		}
	}
}
