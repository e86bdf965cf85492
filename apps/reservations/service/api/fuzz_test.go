package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The patterns repeat those of the OpenAPI document.
func validSeat(text string) bool {
	return regexp.MustCompile(`^[1-9][0-9]{0,2}[A-Z]$`).MatchString(text)
}

func validID(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`).MatchString(text) }

// answered asserts that the answer is valid JSON, and that a valid request gets 200.
func answered(t *testing.T, w *httptest.ResponseRecorder, valid bool) {
	t.Helper()

	if valid {
		assert.Equal(t, http.StatusOK, w.Code, w.Body)
	} else {
		assert.Equal(t, http.StatusBadRequest, w.Code, w.Body)
		assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	}

	assert.True(t, json.Valid(w.Body.Bytes()), w.Body)
}

func FuzzMembers(f *testing.F) {
	f.Add("12B", "werty", "dfgh")
	f.Add("0A", "", "\x00")
	f.Add("1000A", "a b", "\xff")
	f.Add("12b\n", "werty\n", "ſ")

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, number, flight, customer string) {
		body, err := json.Marshal(map[string]string{
			"seat_num": number, "flight_id": flight, "customer_id": customer,
		})
		require.NoError(t, err)

		answered(t, ask(t, handler, http.MethodPut, "/reservations", string(body), ""),
			validSeat(number) && validID(flight) && validID(customer))
	})
}

func FuzzBody(f *testing.F) {
	for _, body := range []string{
		seat, "{}", "[", "null", `{"seat_num":12}`, seat + "x", `{"seat_num":"12B","seat_num":"12C"}`, "\xef\xbb\xbf{}", `"`,
	} {
		f.Add(body)
	}

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, body string) {
		w := ask(t, handler, http.MethodPut, "/reservations", body, "")
		answered(t, w, w.Code == http.StatusOK)

		if w.Code == http.StatusOK {
			assert.True(t, json.Valid([]byte(body)), "only a complete request reserves a seat")
		}
	})
}

func FuzzParameters(f *testing.F) {
	f.Add("werty", "12B", "dfgh")
	f.Add("", "12", "")
	f.Add("%", "12B&flight_id=a", "a\nb")

	handler := routes(f, fake{}, new(bytes.Buffer))

	f.Fuzz(func(t *testing.T, flight, number, customer string) {
		query := url.Values{"flight_id": {flight}}
		answered(t, ask(t, handler, http.MethodGet, "/reservations?"+query.Encode(), "", ""), validID(flight))

		query.Set("seat_num", number)
		answered(t, ask(t, handler, http.MethodDelete, "/reservations?"+query.Encode(), "", customer),
			validID(flight) && validSeat(number) && validID(customer))
	})
}
