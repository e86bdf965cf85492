// Package engine lists the versions of MySQL that a database can have, and the instance classes that run them.
package engine

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Known returns the versions of MySQL in RDS's standard support that the platform is tested with, the oldest first. 8.4
// is supported until 2029-07-31. Support for 8.0 ended on 2026-07-31, and running it costs extra (Amazon RDS User
// Guide, "Supported MySQL major versions").
func Known() []string { return []string{"8.4"} }

// Family is the family of the parameter groups of a version.
func Family(version string) string { return "mysql" + version }

var classForm = regexp.MustCompile(`^db\.([a-z][a-z0-9]*)\.([a-z0-9]+)$`)

//go:embed classes.yaml
var classesYAML []byte

// classes returns the memory of each size in GiB, for each family whose classes run every known version.
func classes() map[string]map[string]int {
	var memory map[string]map[string]int
	if err := yaml.Unmarshal(classesYAML, &memory); err != nil {
		panic(err) // the embedded file is invalid
	}

	return memory
}

// CheckClass refuses an instance class that does not exist, or on which RDS does not run the version.
func CheckClass(version, class string) error {
	match := classForm.FindStringSubmatch(class)
	if match == nil {
		return fmt.Errorf("%q is not an instance class such as db.t4g.micro", class)
	}

	family, size := match[1], match[2]

	switch memory := classes()[family]; {
	case memory == nil:
		return fmt.Errorf("RDS does not run MySQL %s on db.%s, only on %s", version, family,
			strings.Join(slices.Sorted(maps.Keys(classes())), ", "))
	case memory[size] == 0:
		sizes := slices.SortedFunc(maps.Keys(memory), func(a, b string) int { return memory[a] - memory[b] })

		return fmt.Errorf("db.%[2]s has no size %[1]s, only %[3]s", size, family, strings.Join(sizes, ", "))
	}

	return nil
}

// reserved are the parameters that the platform sets; the settings cannot change them.
func reserved() []string {
	return []string{"log_output", "require_secure_transport", "slow_query_log"}
}

// static are common parameters that take effect only after a restart (Amazon RDS User Guide, "DB parameter groups";
// MySQL 8.4 Reference Manual, "Server System Variables": Dynamic: No). RDS refuses to apply them immediately.
func static() []string {
	return []string{
		"back_log", "ft_max_word_len", "ft_min_word_len", "ft_query_expansion_limit", "ft_stopword_file",
		"innodb_autoinc_lock_mode", "innodb_buffer_pool_chunk_size", "innodb_buffer_pool_instances", "innodb_flush_method",
		"innodb_ft_cache_size", "innodb_ft_max_token_size", "innodb_ft_min_token_size", "innodb_ft_sort_pll_degree",
		"innodb_ft_total_cache_size", "innodb_log_file_size", "innodb_page_cleaners", "innodb_purge_threads",
		"innodb_read_io_threads", "innodb_rollback_on_timeout", "innodb_sort_buffer_size", "innodb_sync_array_size",
		"innodb_write_io_threads", "lower_case_table_names", "max_digest_length", "performance_schema",
		"relay_log_recovery", "relay_log_space_limit", "skip_show_database", "table_open_cache_instances",
		"thread_stack", "tls_version",
	}
}

// CheckParameter refuses a parameter that the platform sets, and one that takes effect only after a restart: no run
// restarts a database, so a run would succeed without effect.
func CheckParameter(name string) error {
	switch {
	case slices.Contains(reserved(), name):
		return fmt.Errorf("the platform sets %s: connections are encrypted, and slow queries are logged to a file", name)
	case slices.Contains(static(), name):
		return fmt.Errorf("%s takes effect only after a restart of the database, and no run restarts it", name)
	}

	return nil
}
