package openapi

import (
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// isSimple reports whether every parameter of a route is one plain string. Then valid needs no general validation,
// which takes about as long as the rest of a request.
func (s route) isSimple() bool {
	if len(s.PathItem.Parameters) > 0 || s.Operation.Security != nil || len(s.Spec.Security) > 0 ||
		s.Spec.IsOpenAPI31OrLater() {
		return false
	}

	if slices.ContainsFunc(s.Operation.Parameters, func(p *openapi3.ParameterRef) bool { return !isPlain(p.Value) }) {
		return false
	}

	if s.Operation.RequestBody == nil {
		return true
	}

	content := s.Operation.RequestBody.Value.Content

	return len(content) == 1 && content["application/json"] != nil && content["application/json"].Schema != nil
}

// isPlain reports whether a parameter is one string without a default.
func isPlain(parameter *openapi3.Parameter) bool {
	if parameter.In == openapi3.ParameterInCookie || parameter.Style != "" || parameter.Schema == nil {
		return false
	}

	schema := parameter.Schema.Value

	return schema.Type.Is(openapi3.TypeString) && schema.Default == nil &&
		len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) == 0
}

// valid reports whether a request, with the value of its body, is certainly valid. Only the general validation explains
// what is invalid.
func (s route) valid(input *openapi3filter.RequestValidationInput, value any) bool {
	return s.simple && s.validParameters(input) && s.validBody(value)
}

func (s route) validParameters(input *openapi3filter.RequestValidationInput) bool {
	for _, reference := range s.Operation.Parameters {
		parameter := reference.Value

		values := valuesOf(input, parameter)
		if len(values) == 0 && !parameter.Required {
			continue
		}

		if len(values) != 1 || values[0] == "" ||
			parameter.Schema.Value.VisitJSON(values[0], s.options.SchemaValidationOptions...) != nil {
			return false
		}
	}

	return true
}

func (s route) validBody(value any) bool {
	if s.Operation.RequestBody == nil {
		return true
	}

	if value == nil {
		return false
	}

	// The general validation writes defaults into the body.
	defaults := false

	options := append(slices.Clone(s.options.SchemaValidationOptions), openapi3.VisitAsRequest(),
		openapi3.DefaultsSet(func() { defaults = true }))
	schema := s.Operation.RequestBody.Value.Content["application/json"].Schema.Value

	return schema.VisitJSON(value, options...) == nil && !defaults
}

// valuesOf returns the values of a parameter, as strings.
func valuesOf(input *openapi3filter.RequestValidationInput, parameter *openapi3.Parameter) []string {
	switch parameter.In {
	case openapi3.ParameterInPath:
		return []string{input.Request.PathValue(parameter.Name)}
	case openapi3.ParameterInQuery:
		return input.QueryParams[parameter.Name]
	case openapi3.ParameterInHeader:
		return input.Request.Header[http.CanonicalHeaderKey(parameter.Name)]
	default:
		return nil
	}
}
