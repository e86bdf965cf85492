package migrate_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
)

// runCommand returns the exit code and the output of the command.
func runCommand(t *testing.T, environ []string) (int, string) {
	t.Helper()

	var output bytes.Buffer

	program := command.Program{Name: "shop", Commands: []command.Command{migration().Command()}}
	code := program.Run(t.Context(), []string{"migrate"}, environ, logs.New(&output), &output)

	return code, output.String()
}

// Not parallel: the SDK reads the variables of this process.
//
//nolint:paralleltest // see above
func TestTheAdminsSecretIsReadInItsOwnRegion(t *testing.T) {
	const arn = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:rds!db-1"

	requested := ""
	secrets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			SecretID string `json:"SecretId"`
		}

		assert.NoError(t, json.NewDecoder(r.Body).Decode(&request))
		assert.Contains(t, r.Header.Get("Authorization"), "/eu-west-2/secretsmanager/aws4_request")

		requested = request.SecretID
		secret, err := json.Marshal(map[string]string{"username": mysqltest.Admin, "password": mysqltest.Admin})
		assert.NoError(t, err)
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]string{"SecretString": string(secret)}))
	}))
	t.Cleanup(secrets.Close)

	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
	} {
		t.Setenv(name, value)
	}

	server := mariaDB(t)

	code, output := runCommand(t, server.Environ("MYSQL_ADMIN_USER=", "MYSQL_ADMIN_PASSWORD=", "ADMIN_SECRET_ARN="+arn))

	require.Equal(t, command.Done, code, output)
	assert.Equal(t, arn, requested)
	assert.NoError(t, server.Open(t, user).PingContext(t.Context()))
}

func TestTheAdminsSecretMustBeAnARN(t *testing.T) {
	t.Parallel()

	for _, wrong := range []string{"rds!db-1", "arn:aws:s3:::bucket", "arn:aws:secretsmanager::1:secret:a"} {
		code, output := runCommand(t, []string{"ADMIN_SECRET_ARN=" + wrong})

		assert.Equal(t, command.Failed, code)
		assert.Contains(t, output, `ADMIN_SECRET_ARN: got \"`+wrong+`\"`)
		assert.Contains(t, output, "MYSQL_HOST: not set", "all problems at once")
		assert.NotContains(t, output, "MYSQL_ADMIN_USER")
	}
}

func TestAllInvalidVariablesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	code, output := runCommand(t, nil)

	assert.Equal(t, command.Failed, code)

	for _, name := range []string{"MYSQL_HOST", "MYSQL_PASSWORD", "MYSQL_ADMIN_USER", "MYSQL_ADMIN_PASSWORD"} {
		assert.Contains(t, output, name+": not set")
	}
}
