package openapi

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const seats = `
openapi: 3.0.3
info: {title: seats, version: "1"}
paths:
  /seats:
    put:
      parameters:
        - {in: query, name: flight, required: true, schema: {type: string, maxLength: 3, pattern: "^[^x]+$"}}
        - {in: query, name: class, schema: {type: string, enum: [first, second]}}
        - {in: header, name: X-Customer, schema: {type: string, minLength: 2}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [seat]
              properties:
                seat: {type: string, description: one, maxLength: 3, pattern: "^[0-9A-Z]+$"}
                name: {type: string}
                class: {type: string, enum: [first, second]}
      responses: {"200": {description: done}}
`

// newRoute returns the only route of a document.
func newRoute(t testing.TB, document string) route {
	t.Helper()

	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)

	return NewMux(spec, slog.New(slog.DiscardHandler)).route("PUT /seats")
}

// The shortcut only saves time: with and without it, the same requests are valid, and have the same body.
func FuzzShortcut(f *testing.F) {
	const query, seat = "flight=abc", `{"seat":"12B"}`

	for _, body := range []string{
		seat, " {\n\t\"seat\" : \"12B\" , \"name\" : \"\" }\r\n", `{"name":"a b","class":"first","seat":"1"}`,
		"", "}", "{}", "{", `{"seat"}`, `{"seat":}`, `{"seat" "12B"}`, `{"seat":"12B"`, `{"seat":"12B",}`, `{,"seat":"12B"}`,
		`{"seat":"12B" "name":"a"}`, seat + seat, seat + "x", seat + "}", "[" + seat + "]", `"seat":"12B"}`,
		`{"seat":"12B","seat":"12C"}`, `{"seat":"12B","se\u0061t":"1"}`, `{"seat":"12B","Seat":"1"}`, `{"name":"a"}`,
		`{"seat":"12BC"}`, `{"seat":"b"}`, `{"seat":""}`, `{"seat":12}`, `{"seat":null}`, `{"seat":["1"]}`,
		`{"seat":"1","class":"third"}`, `{"seat":"1","name":"é"}`, `{"seat":"1","name":"\"}"}`, `{"seat":"1","name":"\q"}`,
		"{\"seat\":\"1\",\"name\":\"\x00\"}", "{\"seat\":\"1\",\"name\":\"\n\"}", "{\"seat\":\"1\",\"name\":\"\xff\"}",
	} {
		f.Add(body, query, "me")
	}

	for _, query := range []string{
		"", "flight", "flight=", "flight=ab&", "flight=a&flight=b", "flight=%61", "flight=+", "fl%69ght=a&flight=b",
		"flight=a;b", "flight=%", "flight=a&class=", "flight=a&class=first", "flight=a&class=third", "flight=éé",
		"flight=abcd", "flight=a%f0%9f%98%80", "flight=x", "flight=a=b", "class=first",
	} {
		f.Add(seat, query, "me")
	}

	f.Add(seat, query, "")
	f.Add(seat, query, "a")
	f.Add(seat, query, "é")

	short := newRoute(f, seats)
	require.NotNil(f, short.short)

	general := short
	general.short = nil

	f.Fuzz(func(t *testing.T, body, query, customer string) {
		validate := func(validated route) (any, string, error) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/seats", strings.NewReader(body))
			r.URL = &url.URL{Path: "/seats", RawQuery: query}
			r.Header = http.Header{"Content-Type": {"application/json"}, "X-Customer": {customer}}

			err := validated.validate(r)
			if err != nil {
				return nil, "", err
			}

			kept, ok := r.Body.(interface{ ValidatedValue() any })
			require.True(t, ok, "generated code would decode the body again")

			text, err := io.ReadAll(r.Body)
			require.NoError(t, err)

			return kept.ValidatedValue(), string(text), nil
		}

		value, text, err := validate(short)
		generalValue, generalText, generalErr := validate(general)

		assert.Equal(t, generalErr, err)
		assert.Equal(t, generalValue, value)
		assert.Equal(t, generalText, text)
	})
}

func TestARequestForTheBookTakesTheShortcut(t *testing.T) {
	t.Parallel()

	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/seats?flight=abc&class=second", nil)

	assert.True(t, newRoute(t, seats).short.accepts(r, []byte(`{"seat": "12B", "name": "a"}`+"\n")))

	optional := strings.Replace(seats, "required: [seat]", "", 1)
	_, ok := newRoute(t, optional).short.body.decode("}")
	assert.False(t, ok, "the end of an object is none")
}

func TestADocumentWithOtherKeywordsHasNoShortcut(t *testing.T) {
	t.Parallel()

	for before, after := range map[string]string{
		"type: object":               "maxProperties: 1\n              type: object",
		"name: {type: string}":       "name: {type: string, default: me}",
		"minLength: 2":               "not: {minLength: 2}",
		"type: string, minLength: 2": "type: integer",
		"in: header":                 "in: cookie",
		"application/json":           "text/plain",
		"3.0.3":                      "3.1.0",
		"parameters:":                "security: []\n      parameters:",
	} {
		require.Contains(t, seats, before)
		assert.Nil(t, newRoute(t, strings.Replace(seats, before, after, 1)).short, after)
	}
}
