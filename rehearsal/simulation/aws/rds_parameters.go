package aws

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parameter is one of a MySQL parameter group.
type parameter struct {
	values string // as RDS lists them: "0,1" or "1-100000"; "" is any text
	static bool   // it takes a restart of the server
	fixed  bool   // RDS sets it itself
}

const onOff = "0,1"

// mysqlParameters are the ones that programs set, and some that they cannot.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html
func mysqlParameters() map[string]parameter {
	return map[string]parameter{
		"autocommit":                     {values: onOff},
		"binlog_format":                  {values: "ROW,STATEMENT,MIXED"},
		"binlog_row_image":               {values: "full,minimal,noblob"},
		"character_set_client":           {},
		"character_set_connection":       {},
		"character_set_database":         {},
		"character_set_filesystem":       {},
		"character_set_results":          {},
		"character_set_server":           {},
		"collation_connection":           {},
		"collation_server":               {},
		"connect_timeout":                {values: "2-31536000"},
		"event_scheduler":                {values: "ON,OFF"},
		"general_log":                    {values: onOff},
		"group_concat_max_len":           {values: "4-18446744073709547520"},
		"init_connect":                   {},
		"innodb_adaptive_hash_index":     {values: onOff},
		"innodb_buffer_pool_size":        {values: "5242880-9223372036854775807"},
		"innodb_file_per_table":          {values: onOff},
		"innodb_flush_log_at_trx_commit": {values: "0-2"},
		"innodb_io_capacity":             {values: "100-18446744073709547520"},
		"innodb_lock_wait_timeout":       {values: "1-1073741824"},
		"innodb_print_all_deadlocks":     {values: onOff},
		"innodb_read_io_threads":         {values: "1-64", static: true},
		"innodb_write_io_threads":        {values: "1-64", static: true},
		"interactive_timeout":            {values: "1-31536000"},
		"lock_wait_timeout":              {values: "1-31536000"},
		"log_bin_trust_function_creators": {
			values: onOff,
		},
		"log_error_verbosity":           {values: "1-3"},
		"log_output":                    {values: "FILE,NONE,TABLE"},
		"log_queries_not_using_indexes": {values: onOff},
		"log_slow_admin_statements":     {values: onOff},
		"long_query_time":               {values: "0-31536000"},
		"lower_case_table_names":        {values: onOff, static: true},
		"max_allowed_packet":            {values: "1024-1073741824"},
		"max_connections":               {values: "1-100000"},
		"max_connect_errors":            {values: "1-9223372036854775807"},
		"max_execution_time":            {values: "0-4294967295"},
		"max_heap_table_size":           {values: "16384-1844674407370954752"},
		"max_user_connections":          {values: "0-4294967295"},
		"net_read_timeout":              {values: "1-31536000"},
		"net_write_timeout":             {values: "1-31536000"},
		"performance_schema":            {values: onOff, static: true},
		"require_secure_transport":      {values: onOff},
		"slow_query_log":                {values: onOff},
		"sort_buffer_size":              {values: "32768-18446744073709551615"},
		"sql_mode":                      {},
		"sync_binlog":                   {values: "0-4294967295"},
		"table_open_cache":              {values: "1-524288"},
		"thread_cache_size":             {values: "0-16384"},
		"time_zone":                     {},
		"tls_version":                   {values: "TLSv1.2,TLSv1.3", static: true},
		"tmp_table_size":                {values: "1024-18446744073709551615"},
		"transaction_isolation": {
			values: "READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE",
		},
		"wait_timeout": {values: "1-31536000"},

		"basedir": {fixed: true}, "datadir": {fixed: true}, "log_bin": {fixed: true}, "pid_file": {fixed: true},
		"port": {fixed: true}, "server_id": {fixed: true}, "skip_name_resolve": {fixed: true}, "socket": {fixed: true},
		"tmpdir": {fixed: true}, "version": {fixed: true},
	}
}

// allows says that a value is a number of a range, a formula over the instance's memory in
// its place, or one of a list, each of several.
func (p parameter) allows(value string) bool {
	if p.values == "" {
		return true
	}

	from, to, _ := strings.Cut(p.values, "-")
	least, first := strconv.ParseFloat(from, 64)
	most, second := strconv.ParseFloat(to, 64)

	if first == nil && second == nil {
		number, err := strconv.ParseFloat(value, 64)

		return isFormula(value) || err == nil && number >= least && number <= most
	}

	known := strings.Split(p.values, ",")
	for part := range strings.SplitSeq(value, ",") {
		if !slices.Contains(known, part) {
			return false
		}
	}

	return true
}

// isFormula looks at the beginning alone: what is calculated is not.
func isFormula(value string) bool {
	return regexp.MustCompile(`^((GREATEST|LEAST|SUM)\()?\{`).MatchString(value)
}
