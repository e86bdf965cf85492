package openapi

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// shortcut recognizes requests that are certainly valid. The general validation takes about as long as the rest of a
// request. It decides about all other requests, and explains what is invalid.
type shortcut struct {
	parameters []parameter
	hasBody    bool
	body       object
}

// check reports whether a string is certainly valid.
type check func(string) bool

type parameter struct {
	*openapi3.Parameter

	check check
}

// newShortcut returns the shortcut of a route whose parameters, and members of the body, are plain strings. Any other
// route has none.
func (s route) newShortcut() *shortcut {
	if s.isUnusual() {
		return nil
	}

	var short shortcut

	for _, reference := range s.Operation.Parameters {
		one := parameter{reference.Value, s.check(reference.Value.Schema)}
		if one.In == openapi3.ParameterInCookie || one.Style != "" || one.check == nil {
			return nil
		}

		short.parameters = append(short.parameters, one)
	}

	if s.Operation.RequestBody != nil {
		short.hasBody, short.body = true, s.object(s.Operation.RequestBody.Value.Content)
		if short.body == nil {
			return nil
		}
	}

	return &short
}

// isUnusual reports whether parameters are elsewhere than in the operation, or there is more than them and the body.
func (s route) isUnusual() bool {
	return len(s.PathItem.Parameters) > 0 || s.Operation.Security != nil || len(s.Spec.Security) > 0 ||
		s.Spec.IsOpenAPI31OrLater()
}

// check returns the check of a string, or nil if the schema is of another type or has unusual keywords.
func (s route) check(reference *openapi3.SchemaRef) check {
	if reference == nil || !reference.Value.Type.Is(openapi3.TypeString) {
		return nil
	}

	schema := reference.Value
	rest := *schema
	rest.Type, rest.MaxLength, rest.Pattern = nil, nil, ""

	pattern, err := regexp.Compile(schema.Pattern)
	if err == nil && isEmpty(rest) {
		// The document's lengths are in UTF-16, in which no character has more units than in UTF-8.
		return func(value string) bool {
			return (schema.MaxLength == nil || uint64(len(value)) <= *schema.MaxLength) && pattern.MatchString(value)
		}
	}

	rest.MinLength, rest.Format, rest.Enum = 0, "", nil
	if !isEmpty(rest) {
		return nil
	}

	return func(value string) bool { return schema.VisitJSON(value, s.options.SchemaValidationOptions...) == nil }
}

// isEmpty reports whether a schema has no keyword that restricts or changes values.
func isEmpty(schema openapi3.Schema) bool {
	schema.Title, schema.Description, schema.Example, schema.Extensions = "", "", nil, nil
	text, err := json.Marshal(schema)

	return err == nil && string(text) == "{}"
}

// accepts reports whether a request is certainly valid. Generated code then finds the body decoded.
func (s *shortcut) accepts(r *http.Request, body []byte) bool {
	for _, one := range s.parameters {
		value, times := valueOf(r, one.Parameter)
		if times == 0 && !one.Required {
			continue
		}

		if times != 1 || value == "" || !one.check(value) {
			return false
		}
	}

	if !s.hasBody {
		return true
	}

	value, ok := s.body.decode(string(body))
	if ok {
		r.Body = decoded{r.Body, value}
	}

	return ok
}

// decoded is a body that is decoded. Generated code looks for its method, and reads other bodies.
type decoded struct {
	io.ReadCloser

	value map[string]any
}

// ValidatedValue returns the value of the body.
func (d decoded) ValidatedValue() any { return d.value }

// valueOf returns the last value of a parameter, and the number of its values.
func valueOf(r *http.Request, p *openapi3.Parameter) (string, int) {
	var values []string

	switch {
	case p.In == openapi3.ParameterInPath:
		return r.PathValue(p.Name), 1
	case p.In == openapi3.ParameterInHeader:
		values = r.Header[http.CanonicalHeaderKey(p.Name)]
	case p.In == openapi3.ParameterInQuery && strings.ContainsAny(r.URL.RawQuery, "%+;"):
		values = r.URL.Query()[p.Name]
	case p.In == openapi3.ParameterInQuery:
		return inQuery(r.URL.RawQuery, p.Name)
	}

	if len(values) == 0 {
		return "", 0
	}

	return values[len(values)-1], len(values)
}

// inQuery returns the last value of a parameter, and the number of its values, in a query without escapes. It does not
// allocate a map as url.ParseQuery does.
func inQuery(query, name string) (string, int) {
	found, times := "", 0

	for query != "" {
		var pair string

		pair, query, _ = strings.Cut(query, "&")
		if key, value, _ := strings.Cut(pair, "="); key == name {
			found, times = value, times+1
		}
	}

	return found, times
}

// object is a JSON object whose members are plain strings.
type object []member

type member struct {
	name     string
	required bool
	check    check
}

// object returns the object that a body must be, or nil if the body can be anything else.
func (s route) object(content openapi3.Content) object {
	media := content["application/json"]
	if len(content) != 1 || media == nil || media.Schema == nil || !media.Schema.Value.Type.Is(openapi3.TypeObject) {
		return nil
	}

	schema := *media.Schema.Value
	rest := schema
	rest.Type, rest.Required, rest.Properties = nil, nil, nil
	rest.AdditionalProperties = openapi3.AdditionalProperties{}

	if !isEmpty(rest) {
		return nil
	}

	var found object

	for name, property := range schema.Properties {
		one := member{name: name, required: slices.Contains(schema.Required, name), check: s.check(property)}
		if one.check == nil {
			return nil
		}

		found = append(found, one)
	}

	return found
}

// decode returns the members of a JSON document that is certainly this object. It knows only objects with at least one
// member, and strings of ASCII without escapes.
func (o object) decode(text string) (map[string]any, bool) {
	text = strings.Trim(text, space)
	found := make(map[string]any, len(o))

	for mark := "{"; mark == "{" || text != "}"; mark = "," {
		name, afterName, _ := quoted(text, mark)
		value, afterValue, ok := quoted(afterName, ":")

		i := slices.IndexFunc(o, func(m member) bool { return m.name == name })
		if !ok || i < 0 || found[name] != nil || !o[i].check(value) {
			return nil, false
		}

		found[name], text = value, afterValue
	}

	for _, one := range o {
		if one.required && found[one.name] == nil {
			return nil, false
		}
	}

	return found, true
}

// space is the white space of JSON.
const space = " \t\r\n"

// quoted returns the string that follows a mark at the beginning of a JSON document, and what follows the string.
func quoted(text, mark string) (string, string, bool) {
	text, isMarked := strings.CutPrefix(text, mark)
	text, begins := strings.CutPrefix(strings.TrimLeft(text, space), `"`)
	end := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r >= utf8.RuneSelf })

	if !isMarked || !begins || end < 0 || text[end] != '"' {
		return "", "", false
	}

	return text[:end], strings.TrimLeft(text[end+1:], space), true
}
