package migrate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The lines are those of SHOW GRANTS in MySQL 8.4 and MariaDB 10.11.
func TestEveryOtherPrivilegeIsRevoked(t *testing.T) {
	t.Parallel()

	const (
		to    = " TO `flights`@`%`"
		with  = " WITH GRANT OPTION"
		proxy = "GRANT PROXY ON ``@`` TO `flights`@`%`"
		own   = "`flights db`.`flights`"
	)

	for grant, want := range map[string][]string{
		"GRANT USAGE ON *.*" + to: nil,
		"GRANT USAGE ON *.*" + to + " IDENTIFIED BY PASSWORD '*A0' REQUIRE SSL": nil,
		"GRANT SELECT, INSERT, UPDATE, DELETE ON " + own + to:                   nil,
		"GRANT SELECT ON " + strings.ToUpper(own) + to:                          nil,
		"GRANT SELECT ON `open`.* TO PUBLIC":                                    nil,
		"REVOKE SELECT ON `mysql`.* FROM `flights`@`%`":                         nil,
		"SET DEFAULT ROLE `readers` FOR `flights`@`%`":                          nil,
		proxy: nil,

		"GRANT ALL PRIVILEGES ON *.*" + to:                     {"REVOKE ALL PRIVILEGES ON *.*"},
		"GRANT AUDIT_ADMIN,ROLE_ADMIN ON *.*" + to:             {"REVOKE AUDIT_ADMIN,ROLE_ADMIN ON *.*"},
		"GRANT ALL PRIVILEGES ON `flights db`.*" + to:          {"REVOKE ALL PRIVILEGES ON `flights db`.*"},
		"GRANT ALL PRIVILEGES ON " + own + to:                  {"REVOKE " + tablePrivileges + " ON " + own},
		"GRANT SELECT ON `a ON b TO ``c```.`d`" + to:           {"REVOKE SELECT ON `a ON b TO ``c```.`d`"},
		"GRANT EXECUTE ON PROCEDURE `a`.`b`" + to:              {"REVOKE EXECUTE ON PROCEDURE `a`.`b`"},
		"GRANT `readers`" + to:                                 {"REVOKE `readers`"},
		"GRANT USAGE ON `a`.*" + to + with:                     {"REVOKE GRANT OPTION ON `a`.*"},
		"GRANT `a`@`%`,`b`@`%`" + to + " WITH ADMIN OPTION":    {"REVOKE `a`@`%`,`b`@`%`"},
		"GRANT SELECT, DROP, SELECT (`a`, `b`) ON " + own + to: {"REVOKE DROP, SELECT (`a`, `b`) ON " + own},
		"GRANT SELECT ON *.*" + to + " IDENTIFIED BY PASSWORD '*A0' REQUIRE SSL" + with: {
			"REVOKE GRANT OPTION ON *.*", "REVOKE SELECT ON *.*",
		},
	} {
		assert.Equal(t, want, revocations([]string{grant}, []string{own, "`flights db`.`seat_maps`"}), grant)
		assert.Equal(t, grant != proxy, understood(grant), grant)
	}
}
