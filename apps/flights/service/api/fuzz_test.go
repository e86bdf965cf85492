package api_test

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/flights/service/flights"
)

// valid repeats the pattern of a flight number in the OpenAPI document.
func valid(number string) bool {
	return regexp.MustCompile(`^[A-Za-z]{1,4}[0-9]+$`).MatchString(number) && len(number) >= 3 && len(number) <= 10
}

// answered asserts that the answer to any request is valid JSON.
func answered(t *testing.T, handler http.Handler, target string) int {
	t.Helper()

	w := get(t, handler, target)

	if w.Code == http.StatusOK {
		assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	} else if w.Code != http.StatusTemporaryRedirect && w.Code != http.StatusMovedPermanently {
		assert.True(t, w.Code >= http.StatusBadRequest && w.Code < http.StatusInternalServerError, "%d %s", w.Code, w.Body)
	}

	return w.Code
}

func FuzzParameters(f *testing.F) {
	f.Add("AA2532", "2020-05-17T13:20")
	f.Add("aa34", "2020-02-30T10:00")
	f.Add("AA2532", "")
	f.Add("", "0000-01-01T00:00")
	f.Add("A1", "9999-12-31T23:59")
	f.Add("AA1\n", "2020-05-17T13:20\n")
	f.Add("AA1,AA2", "\x00\xff")

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, number, at string) {
		query := url.Values{"flight_no": {number}, "departure_date_time": {at}}
		_, err := flights.ParseTime(at)

		if valid(number) && err == nil {
			assert.Equal(t, http.StatusOK, answered(t, handler, "/flights?"+query.Encode()))
		} else {
			assert.Equal(t, http.StatusBadRequest, answered(t, handler, "/flights?"+query.Encode()))
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, query := range []string{
		"flight_no=AA2532", "flight_no=%", "flight_no=AA1&flight_no=AA2", "&&=;", "flight_no[]=AA1",
	} {
		f.Add(query)
	}

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, query string) {
		target := url.URL{Path: "/flights", RawQuery: query}
		if _, err := url.ParseRequestURI(target.String()); err != nil || strings.ContainsAny(query, " \r\n") {
			return // net/http lets no such request through
		}

		answered(t, handler, target.String())
	})
}

func FuzzPath(f *testing.F) {
	for _, number := range []string{"AA2532", "aa34", "..", "%2e%2e", "AA1/../AA2", "", "\x00", "AA1\n"} {
		f.Add(number)
	}

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, number string) {
		code := answered(t, handler, "/flights/"+url.PathEscape(number)+"/seat_map")
		if strings.EqualFold(number, "AA2532") {
			assert.Equal(t, http.StatusOK, code)
		} else if valid(number) {
			assert.Equal(t, http.StatusNotFound, code)
		}
	})
}
