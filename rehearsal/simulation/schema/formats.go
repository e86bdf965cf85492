package schema

import (
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// format is a form of strings or numbers that no pattern expresses.
type format struct {
	description string
	accepts     func(string) bool
}

// arn is as the provider checks it (internal/verify, ValidARN): an empty string passes.
var arn = regexp.MustCompile(`^(arn:aws(-[a-z]+)*:[^:]*:([a-z]{2,4}(-[a-z]+)+-\d{1,2})?:` +
	`(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})?:.+)?$`)

func formats() map[string]format {
	return map[string]format{
		"arn": {"an ARN", arn.MatchString},
		// terraform-plugin-sdk, helper/structure, NormalizeJsonString: an empty string passes.
		"json": {"JSON", func(text string) bool { return text == "" || json.Valid([]byte(text)) }},
		// internal/verify/validate.go, ValidIAMPolicyJSON.
		"policy": {"a policy document: a JSON object without repeated keys", func(text string) bool {
			return strings.HasPrefix(strings.TrimSpace(text), "{") && hasUniqueKeys(text)
		}},
		"ipv4":        {"an IPv4 address", func(text string) bool { return isAddress(text, 4) }},
		"ipv6":        {"an IPv6 address", func(text string) bool { return isAddress(text, 6) }},
		"ipv4Cidr":    {"an IPv4 CIDR block", func(text string) bool { return isBlock(text, true, false) }},
		"ipv4Network": {"an IPv4 CIDR block that begins at its network address", isIPv4Network},
		"ipv6Network": {"an IPv6 CIDR block that begins at its network address", isIPv6Network},
		"network": {"a CIDR block that begins at its network address", func(text string) bool {
			return isIPv4Network(text) || isIPv6Network(text)
		}},
		"rfc3339": {"a time of RFC 3339", func(text string) bool { return isTime(time.RFC3339, text) }},
		"date":    {"a date such as 2026-01-31", func(text string) bool { return isTime(time.DateOnly, text) }},
		"base64": {"base64", func(text string) bool {
			_, err := base64.StdEncoding.DecodeString(text)

			return err == nil
		}},
		"positive": {"a number above 0", func(text string) bool {
			number, err := strconv.ParseFloat(text, 64)

			return err == nil && number > 0
		}},
		"multipleOf60": {"a multiple of 60", func(text string) bool { return isMultiple(text, 60) }},
		// RDS API, CreateDBInstance, PerformanceInsightsRetentionPeriod.
		"performanceInsightsDays": {"7, 731 or a multiple of 31", func(text string) bool {
			return text == "7" || text == "731" || isMultiple(text, 31)
		}},
	}
}

func isAddress(text string, version int) bool {
	address, err := netip.ParseAddr(text)

	return text == "" || err == nil && address.Is4() == (version == 4)
}

func isBlock(text string, four, masked bool) bool {
	block, err := netip.ParsePrefix(text)

	return text == "" || err == nil && block.Addr().Is4() == four && (!masked || block == block.Masked())
}

func isIPv4Network(text string) bool { return isBlock(text, true, true) }

func isIPv6Network(text string) bool { return isBlock(text, false, true) }

func isTime(layout, text string) bool {
	_, err := time.Parse(layout, text)

	return text == "" || err == nil
}

func isMultiple(text string, of int) bool {
	number, err := strconv.Atoi(text)

	return err == nil && number%of == 0
}

// hasUniqueKeys reports whether a text is JSON whose objects have each key once.
func hasUniqueKeys(text string) bool {
	return json.Valid([]byte(text)) && uniqueValue(json.NewDecoder(strings.NewReader(text)))
}

// uniqueValue reads one value of valid JSON.
func uniqueValue(decoder *json.Decoder) bool {
	token, _ := decoder.Token()

	opening, isDelimiter := token.(json.Delim)
	if !isDelimiter {
		return true
	}

	seen := map[json.Token]bool{}

	for decoder.More() {
		if opening == '{' {
			key, _ := decoder.Token()
			if seen[key] {
				return false
			}

			seen[key] = true
		}

		if !uniqueValue(decoder) {
			return false
		}
	}

	_, _ = decoder.Token() // the closing delimiter

	return true
}
