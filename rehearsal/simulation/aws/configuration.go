package aws

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// configuration has the settings of a provider instance that the simulation uses.
type configuration struct {
	region      string
	defaultTags resource.PropertyMap
}

func configure(settings resource.PropertyMap) (configuration, error) {
	region := property.Reveal(settings["region"])
	if !region.IsString() || region.StringValue() == "" {
		return configuration{}, errors.New("configuring the provider: no region is set: " +
			"`pulumi config set aws:region us-east-1`, or region on the explicit provider")
	}

	if !slices.Contains(regions(), region.StringValue()) {
		return configuration{}, fmt.Errorf("configuring the provider: region %q is not simulated; simulated: %s",
			region.StringValue(), strings.Join(regions(), ", "))
	}

	if err := checkAllowedAccounts(settings["allowedAccountIds"]); err != nil {
		return configuration{}, err
	}

	tags, err := defaultTags(settings["defaultTags"])

	return configuration{region: region.StringValue(), defaultTags: tags}, err
}

// checkAllowedAccounts refuses the account where allowedAccountIds does not list it. The engine encodes the list as
// JSON, an explicit provider sometimes does not.
func checkAllowedAccounts(setting resource.PropertyValue) error {
	setting = property.Reveal(setting)

	allowed := setting.Mappable()
	if setting.IsString() {
		var decoded []any
		if err := json.Unmarshal([]byte(setting.StringValue()), &decoded); err != nil {
			return fmt.Errorf("configuring the provider: decoding allowedAccountIds: %w", err)
		}

		allowed = decoded
	}

	ids, isList := allowed.([]any)
	if isList && len(ids) > 0 && !slices.Contains(ids, any(accountID)) {
		return errors.New("configuring the provider: AWS account ID not allowed: " + accountID)
	}

	return nil
}

// defaultTags reads {tags: {…}}. The engine encodes nested settings as JSON, an explicit provider sometimes does not.
func defaultTags(setting resource.PropertyValue) (resource.PropertyMap, error) {
	setting = property.Reveal(setting)
	if setting.IsString() {
		var decoded map[string]any
		if err := json.Unmarshal([]byte(setting.StringValue()), &decoded); err != nil {
			return nil, fmt.Errorf("configuring the provider: decoding defaultTags: %w", err)
		}

		setting = resource.NewObjectProperty(resource.NewPropertyMapFromMap(decoded))
	}

	if setting.IsNull() {
		return resource.PropertyMap{}, nil
	}

	if !setting.IsObject() {
		return nil, fmt.Errorf("configuring the provider: defaultTags is a %s, expected {tags: {…}}", setting.TypeString())
	}

	for name := range setting.ObjectValue() {
		if name != "tags" && !resource.IsInternalPropertyKey(name) {
			return nil, fmt.Errorf("configuring the provider: defaultTags: unknown property %q; known: tags", name)
		}
	}

	tags := property.Reveal(setting.ObjectValue()["tags"])
	if !tags.IsObject() {
		return resource.PropertyMap{}, nil
	}

	return tags.ObjectValue(), nil
}

// merge returns the provider's tags, overlaid by the resource's own. Tags that are unknown as a whole remain unknown.
func (c configuration) merge(own resource.PropertyValue) resource.PropertyValue {
	revealed := property.Reveal(own)
	if len(c.defaultTags) == 0 || revealed.IsComputed() {
		return own
	}

	merged := c.defaultTags.Copy()

	if revealed.IsObject() {
		maps.Copy(merged, revealed.ObjectValue())
	}

	if own.IsSecret() {
		return resource.MakeSecret(resource.NewObjectProperty(merged))
	}

	return resource.NewObjectProperty(merged)
}
