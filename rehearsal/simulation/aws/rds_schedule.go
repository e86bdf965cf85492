package aws

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	hour = 60
	day  = 24 * hour
	week = 7 * day
)

// checkBackups wants a period and a port that RDS knows, and a certificate authority.
func checkBackups(c *behaviour.Call) error {
	period := c.Number("backupRetentionPeriod")
	if period < 0 || period > 35 {
		return refuse("InvalidParameterValue", "Invalid backup retention period: %d. Retention period must be between 0 and "+
			"35", period)
	}

	if port := c.Number("port"); port != 0 && (port < 1150 || port > 65535) {
		return refuse("InvalidParameterValue", "Invalid database port: %d. Valid values: 1150-65535", port)
	}

	authorities := []string{"", "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"}
	if !slices.Contains(authorities, c.Text("caCertIdentifier")) {
		return refuseWith(404, "CertificateNotFound", "Certificate not found: %s", c.Text("caCertIdentifier"))
	}

	return nil
}

// window is a stretch of minutes of the week, or of the day when it comes every day.
type window struct {
	start, length int
}

// checkWindows wants two windows that do not meet, where the program gives both.
func checkWindows(c *behaviour.Call) error {
	backup, err := windowOf(c, "backupWindow", "hh24:mi")
	if err != nil {
		return err
	}

	upkeep, err := windowOf(c, "maintenanceWindow", "ddd:hh24:mi")
	if err != nil {
		return err
	}

	if backup.meets(upkeep) {
		return refuse("InvalidParameterValue", "The backup window and maintenance window must not overlap.")
	}

	return nil
}

// windowOf is a window of half an hour at least, or an empty one where the program gives none.
func windowOf(c *behaviour.Call, name, moment string) (window, error) {
	if !isGiven(c, name) {
		return window{}, nil
	}

	found, ok := parseWindow("^"+moment+"-"+moment+"$", c.Text(name))

	switch {
	case !ok:
		return window{}, fail("%s must satisfy the format of %q: %q", name, moment+"-"+moment, c.Text(name))
	case found.length < 30:
		return window{}, refuse("InvalidParameterValue", "The %s must be at least 30 minutes: %s", name, c.Text(name))
	}

	return found, nil
}

// parseWindow reads a window of a form of days, hours and minutes.
func parseWindow(form, text string) (window, bool) {
	pattern := strings.NewReplacer(
		"ddd", "(mon|tue|wed|thu|fri|sat|sun)", "hh24", "([01][0-9]|2[0-3])", "mi", "([0-5][0-9])",
	).Replace(form)

	parts := regexp.MustCompile(pattern).FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return window{}, false
	}

	turn, half := week, len(parts)/2
	if half == 2 {
		turn = day
	}

	start, end := minuteOf(parts[1:half+1]), minuteOf(parts[half+1:])

	return window{start: start, length: (end - start + turn) % turn}, true
}

// minuteOf counts from the beginning of the week or the day: its parts end with hours and minutes.
func minuteOf(parts []string) int {
	days := slices.Index([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, parts[0])
	hours, _ := strconv.Atoi(parts[len(parts)-2]) // digits, by the pattern
	minutes, _ := strconv.Atoi(parts[len(parts)-1])

	return max(days, 0)*day + hours*hour + minutes
}

// meets says that a daily window and a weekly one have a minute in common.
func (w window) meets(weekly window) bool {
	for after := range weekly.length {
		minute := (weekly.start + after - w.start + week) % day
		if minute < w.length {
			return true
		}
	}

	return false
}
