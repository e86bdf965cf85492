package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCacheParameterGroup = "aws:elasticache/parameterGroup:ParameterGroup"

func cacheParameterGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeCacheParameterGroup, Title: "ElastiCache Parameter Group", Service: "ElastiCache",
		Verbs: behaviour.Verbs{
			Create: "CreateCacheParameterGroup", Update: "ModifyCacheParameterGroup", Delete: "DeleteCacheParameterGroup",
		},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("name"), nil },
		AutoName: &behaviour.AutoName{Property: "name", Limit: 255, Lower: true},
		Defaults: map[string]any{"description": "Managed by Pulumi"},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:elasticache:{region}:{account}:parametergroup:{id}"), tagsAll(),
		},
		ForceNew: []string{"description", "family", "name"},
		Sets:     []string{"parameters"},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("CacheParameterGroupAlreadyExists", "Cache Parameter Group %s already exists", "name"),
		}},
		Checks:  []func(*behaviour.Call) error{checkCacheGroupName, checkCacheFamily, checkCacheParameters},
		Missing: missing("CacheParameterGroupNotFound", "CacheParameterGroup %s not found."),
		InUse: inUse("InvalidCacheParameterGroupState",
			"One or more cache clusters are still using this parameter group %s, so the group cannot be deleted."),
	}
}

func checkCacheFamily(c *behaviour.Call) error {
	family := c.Text("family")
	if !slices.ContainsFunc(cacheVersions(), func(known cacheVersion) bool { return known.family == family }) {
		return refuse("InvalidParameterValue", "CacheParameterGroupFamily %s is not a valid parameter group family.", family)
	}

	return nil
}

// cacheParameters are the ones that programs set, of the family valkey8. The others are
// held against the same: they differ in few.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
func cacheParameters() map[string]parameter {
	const yesNo, any64 = "yes,no", "0-9223372036854775807"

	return map[string]parameter{
		"activedefrag":                  {values: yesNo},
		"active-defrag-cycle-max":       {values: "1-75"},
		"active-defrag-cycle-min":       {values: "1-75"},
		"active-defrag-threshold-lower": {values: "1-100"},
		"active-defrag-threshold-upper": {values: "1-100"},
		"activerehashing":               {values: yesNo},
		"appendonly":                    {values: yesNo, fixed: true},
		"client-query-buffer-limit":     {values: "1048576-1073741824"},
		"close-on-replica-write":        {values: yesNo},
		"cluster-enabled":               {values: yesNo},
		"databases":                     {values: "1-10000"},
		"hash-max-listpack-entries":     {values: any64},
		"hash-max-listpack-value":       {values: any64},
		"hll-sparse-max-bytes":          {values: "1-16000"},
		"latency-tracking":              {values: yesNo},
		"lazyfree-lazy-eviction":        {values: yesNo},
		"lazyfree-lazy-expire":          {values: yesNo},
		"lazyfree-lazy-server-del":      {values: yesNo},
		"lazyfree-lazy-user-del":        {values: yesNo},
		"lfu-decay-time":                {values: any64},
		"lfu-log-factor":                {values: "1-2147483647"},
		"list-compress-depth":           {values: any64},
		"list-max-listpack-size":        {},
		"maxclients":                    {values: "1-65000", fixed: true},
		"maxmemory":                     {fixed: true},
		"maxmemory-policy": {
			values: "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction",
		},
		"maxmemory-samples":         {values: "1-2147483647"},
		"min-replicas-max-lag":      {values: any64},
		"min-replicas-to-write":     {values: any64},
		"notify-keyspace-events":    {},
		"proto-max-bulk-len":        {values: "1048576-536870912"},
		"reserved-memory-percent":   {values: "0-100"},
		"set-max-intset-entries":    {values: any64},
		"slowlog-log-slower-than":   {values: any64},
		"slowlog-max-len":           {values: any64},
		"tcp-keepalive":             {values: any64},
		"timeout":                   {values: any64},
		"tracking-table-max-keys":   {values: "1-100000000"},
		"zset-max-listpack-entries": {values: any64},
		"zset-max-listpack-value":   {values: any64},
	}
}

// checkCacheParameters wants parameters that can be set, each to one of the values it can have.
func checkCacheParameters(c *behaviour.Call) error {
	for _, set := range parametersOf(c.Resource) {
		if err := checkCacheParameter(set.name, set.value); err != nil {
			return err
		}
	}

	return nil
}

func checkCacheParameter(name, value string) error {
	known, exists := cacheParameters()[name]
	single := known.values == "" || !strings.ContainsAny(value, ",{")

	switch {
	case !exists:
		return refuse("InvalidParameterValue", "The parameter %s does not exist.", name)
	case known.fixed:
		return refuse("InvalidParameterValue", "The parameter %s cannot be modified.", name)
	case !single || !known.allows(value):
		return refuse("InvalidParameterValue", "The parameter %s has an invalid value: %s; allowed: %s", name, value,
			known.values)
	}

	return nil
}
