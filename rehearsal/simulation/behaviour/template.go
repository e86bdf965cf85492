package behaviour

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// placeholder is a name in braces: a property's path, or a word that Fill knows, some with a length. Names after a
// dollar sign belong to AWS's own formats.
var placeholder = regexp.MustCompile(`\$?\{([A-Za-z.]+)(?: (\d+))?\}`)

// Replace replaces the placeholders of a template by what lookup returns for their names and lengths.
func Replace(template string, lookup func(name string, length int) string) string {
	return placeholder.ReplaceAllStringFunc(template, func(match string) string {
		if strings.HasPrefix(match, "$") {
			return match
		}

		parts := placeholder.FindStringSubmatch(match)
		length, _ := strconv.Atoi(parts[2]) // digits, by the pattern

		return lookup(parts[1], length)
	})
}

// Fill fills in a template for the resource of the call:
//
//	{id}, {region}, {account}, {partition}   where the resource is
//	{domain}, {principal}                    the end of the partition's host names; the caller, as in "role/a"
//	{hex 17}, {HEX 26}, {uuid}               digits that the account never used before
//	{now}                                    the time
//	{named}                                  the name, or the prefix of names with 26 digits behind it
//	{cidrBlock}, {metadata.name}             the property at that path
func (c *Call) Fill(template string) string {
	return Replace(template, func(name string, length int) string {
		switch name {
		case "id":
			return c.Resource.ID
		case "region":
			return c.Place.Region
		case "hex":
			return c.Digits(length)
		case "HEX":
			return strings.ToUpper(c.Digits(length))
		case "uuid":
			return UUID(c.Digits(32))
		case "now":
			return c.Place.Now().UTC().Format(time.RFC3339)
		case "named":
			return c.named()
		}

		if constant, known := c.Place.Constants[name]; known {
			return constant
		}

		return c.written(name)
	})
}

// written is the string or the number at a path of the inputs, or "".
func (c *Call) written(path string) string {
	value, _ := property.Lookup(c.Resource.Outputs, path)
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}

	return c.Text(path)
}

// suffixDigits is the number of digits that the Terraform provider appends to a prefix.
const suffixDigits = 26

// named is the resource's name. One that is made of a prefix becomes an output at once, so that id and name agree.
func (c *Call) named() string {
	naming := c.Kind.AutoName
	if given := c.Text(naming.Property); given != "" {
		return given
	}

	name := c.Text(naming.Rival) + c.Digits(suffixDigits)
	c.Resource.Outputs[naming.Property] = name

	return name
}
