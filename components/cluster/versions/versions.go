// Package versions knows which Kubernetes minors EKS runs, and until when it supports them at the standard price.
package versions

import (
	"maps"
	"slices"
	"time"
)

// ends are the last days of standard support (Amazon EKS User Guide, "Kubernetes versions", as of 2026-11). After
// that a cluster costs six times as much an hour, or, where its upgrade policy is STANDARD, AWS upgrades it by itself.
func ends() map[string]time.Time {
	return map[string]time.Time{
		"1.34": time.Date(2026, time.December, 2, 0, 0, 0, 0, time.UTC),
		"1.35": time.Date(2027, time.March, 27, 0, 0, 0, 0, time.UTC),
		"1.36": time.Date(2027, time.August, 2, 0, 0, 0, 0, time.UTC),
	}
}

// Known returns the minors that are known, oldest first. All have two digits, and so sort as texts.
func Known() []string { return slices.Sorted(maps.Keys(ends())) }

// SupportEnd returns the last day of standard support of a minor such as "1.35", and whether the minor is known.
func SupportEnd(minor string) (time.Time, bool) {
	end, known := ends()[minor]

	return end, known
}

// Supported reports whether a minor is known and in standard support at that time. Its last day counts.
func Supported(minor string, now time.Time) bool {
	end, known := SupportEnd(minor)

	return known && now.Before(end.AddDate(0, 0, 1))
}
