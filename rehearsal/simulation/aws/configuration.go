package aws

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// configuration has the settings of a provider instance that the simulation uses.
type configuration struct {
	region      string
	partition   facts.Partition
	defaultTags resource.PropertyMap
}

// configure reads the settings of a provider with the credentials of the account.
func configure(settings resource.PropertyMap, accountID string) (configuration, error) {
	region := property.Reveal(settings["region"])
	if !region.IsString() || region.StringValue() == "" {
		return configuration{}, errors.New("configuring the provider: no region is set: " +
			"`pulumi config set aws:region us-east-1`, or region on the explicit provider")
	}

	partition, known := facts.PartitionOf(region.StringValue())
	if !known {
		return configuration{}, fmt.Errorf("configuring the provider: region %q is not simulated: AWS's SDK does not know it",
			region.StringValue())
	}

	if err := checkAllowedAccounts(settings, accountID); err != nil {
		return configuration{}, err
	}

	tags, err := defaultTags(settings)

	return configuration{region: region.StringValue(), partition: partition, defaultTags: tags}, err
}

// decode returns a nested setting. The engine encodes one as JSON, an explicit provider sometimes does not.
func decode(settings resource.PropertyMap, name resource.PropertyKey) (resource.PropertyValue, error) {
	setting := property.Reveal(settings[name])
	if !setting.IsString() {
		return setting, nil
	}

	var decoded any
	if err := json.Unmarshal([]byte(setting.StringValue()), &decoded); err != nil {
		return setting, fmt.Errorf("configuring the provider: decoding %s: %w", name, err)
	}

	return resource.NewPropertyValue(decoded), nil
}

// checkAllowedAccounts refuses the account where allowedAccountIds does not list it.
func checkAllowedAccounts(settings resource.PropertyMap, accountID string) error {
	setting, err := decode(settings, "allowedAccountIds")
	if err != nil {
		return err
	}

	ids, isList := setting.Mappable().([]any)
	if isList && len(ids) > 0 && !slices.Contains(ids, any(accountID)) {
		return errors.New("configuring the provider: AWS account ID not allowed: " + accountID)
	}

	return nil
}

// defaultTags reads {tags: {…}}.
func defaultTags(settings resource.PropertyMap) (resource.PropertyMap, error) {
	setting, err := decode(settings, "defaultTags")
	if err != nil || setting.IsNull() {
		return nil, err
	}

	if !setting.IsObject() {
		return nil, fmt.Errorf("configuring the provider: defaultTags is a %s, expected {tags: {…}}", setting.TypeString())
	}

	for name := range setting.ObjectValue() {
		if name != "tags" && !resource.IsInternalPropertyKey(name) {
			return nil, fmt.Errorf("configuring the provider: defaultTags: unknown property %q; known: tags", name)
		}
	}

	tags, _ := property.Reveal(setting.ObjectValue()["tags"]).V.(resource.PropertyMap)

	return tags, nil
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
