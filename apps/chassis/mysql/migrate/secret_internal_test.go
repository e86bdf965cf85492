package migrate

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const secretARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"

// secretsManager returns the configuration of a Secrets Manager with one secret.
func secretsManager(t *testing.T, secret string) aws.Config {
	t.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			SecretID string `json:"SecretId"`
		}

		assert.Equal(t, "secretsmanager.GetSecretValue", r.Header.Get("X-Amz-Target"))
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&request))
		assert.Equal(t, secretARN, request.SecretID)

		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]string{"SecretString": secret}))
	}))
	t.Cleanup(server.Close)

	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("id", "key", ""),
	}
}

func TestTheAdminIsReadFromSecretsManager(t *testing.T) {
	t.Parallel()

	role := secretsManager(t, `{"username": "root", "password": "hunter2"}`)

	user, secret, err := fromSecret(t.Context(), role, secretARN)
	require.NoError(t, err)

	password, err := secret.Read()
	require.NoError(t, err)
	assert.Equal(t, "root", user)
	assert.Equal(t, "hunter2", password)
}

func TestTheErrorOfAnIncompleteSecretDoesNotShowIt(t *testing.T) {
	t.Parallel()

	for _, secret := range []string{"hunter2", `{"password": "hunter2"}`, `{"username": "root"}`, ""} {
		_, _, err := fromSecret(t.Context(), secretsManager(t, secret), secretARN)

		require.ErrorIs(t, err, errIncomplete)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}
