package failure_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/failure"
)

// drawnCase is one made-up case, with the reading that its texts must give.
type drawnCase struct {
	image    model.Image
	consumer string
	number   string
	account  string
	want     failure.Failure
	text     string
}

func drawProject(t *rapid.T, label string) string {
	id := rapid.StringMatching(`[a-z][a-z0-9]{4,8}(-[a-z0-9]{2,6}){0,2}[a-z0-9]`).Draw(t, label)
	if rapid.IntRange(0, 5).Draw(t, label+" scoped") == 0 {
		return rapid.SampledFrom([]string{"example.com", "corp.example.org"}).Draw(t, label+" domain") + ":" + id
	}
	return id
}

func drawImage(t *rapid.T) model.Image {
	path := strings.Replace(drawProject(t, "image project"), ":", "/", 1)
	name := rapid.StringMatching(`[a-z][a-z0-9]{0,9}([._-][a-z0-9]{1,6}){0,2}(/[a-z0-9]{1,8}){0,2}`).Draw(t, "image name")
	repository := rapid.StringMatching(`[a-z][a-z0-9]{1,9}(-[a-z0-9]{1,6}){0,2}`).Draw(t, "repository")
	region := rapid.SampledFrom([]string{"us", "europe", "asia", "us-central1", "northamerica-northeast2", "asia-southeast1", "me-central2"}).Draw(t, "location")
	base := rapid.SampledFrom([]string{
		region + "-docker.pkg.dev/" + path + "/" + repository, "docker." + region + ".rep.pkg.dev/" + path + "/" + repository,
		"gcr.io/" + path, "eu.gcr.io/" + path, "asia.gcr.io/" + path,
	}).Draw(t, "host") + "/" + name
	base += rapid.SampledFrom([]string{"", ":latest", ":v1.2.3-rc.1", ":Build_7", "@sha256:" + strings.Repeat("0f", 32), ":7@sha256:" + strings.Repeat("a1", 32)}).Draw(t, "version")
	image, err := model.ParseImage(base)
	if err != nil {
		t.Fatalf("%s: %v", base, err)
	}
	return image
}

const readImageTail = " Ensure that the provided container image URL is correct and that the above account has permission to access the image. " +
	"If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate. Note that the image is from project [%s], " +
	"which is not the same as this project [%s]. Permission must be granted to the %s from this project."

func drawCase(t *rapid.T) drawnCase {
	w := drawnCase{image: drawImage(t), consumer: drawProject(t, "consumer"), number: rapid.StringMatching(`[1-9][0-9]{10,11}`).Draw(t, "number")}
	w.account = rapid.SampledFrom([]string{"web", "run-er-2", "a1b2c3"}).Draw(t, "account") + "@" + drawHost(w.consumer) + ".iam.gserviceaccount.com"
	agent := "service-" + w.number + "@serverless-robot-prod.iam.gserviceaccount.com"
	command := rapid.SampledFrom([]string{"run.deploy", "run.jobs.update", "beta.run.worker-pools.deploy", "functions.deploy"}).Draw(t, "command")
	revision := rapid.SampledFrom([]string{"", "Revision 'web-00003-r27' is not ready and cannot serve traffic. "}).Draw(t, "revision")
	read := failure.Failure{Image: w.image.Text, ImageProject: w.image.Repository.Project, ConsumerProject: w.consumer, Repository: w.image.Repository.String()}
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		subject := "Google Cloud Run Service Agent " + agent
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) %s%s must have permission to read the image, %s."+readImageTail, command, revision, subject, w.image.Text, read.ImageProject, w.consumer, subject)
		read.Cause, read.Principal = failure.PullerRead, agent
	case 1:
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) PERMISSION_DENIED: User must have permission to read the image, %s."+readImageTail, command, w.image.Text, read.ImageProject, w.consumer, "User")
		read.Cause = failure.DeployerRead
	case 2:
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) %sImage '%s' not found.", command, revision, w.image.Text)
		read.Cause, read.ConsumerProject = failure.ImageNotFound, ""
	case 3:
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account %s (or it may not exist).", command, w.account)
		read = failure.Failure{Cause: failure.ActAs, ServiceAccount: w.account, Permission: "iam.serviceAccounts.actAs"}
	case 4:
		w.text = fmt.Sprintf("Error creating Service: googleapi: Error 403: Google Cloud Run Service Agent does not have permission to get access tokens for the service account %s. "+
			"Please give %s permission iam.serviceAccounts.getAccessToken on the service account.", w.account, agent)
		read = failure.Failure{Cause: failure.RunAs, ConsumerProject: w.number, ServiceAccount: w.account, Principal: agent, Permission: "iam.serviceAccounts.getAccessToken"}
	case 5:
		w.text = fmt.Sprintf("Failed to pull image \"%s\": failed to authorize: DENIED: Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource \"%s\" (or it may not exist)", w.image.Text, read.Repository)
		read.Cause, read.ConsumerProject, read.Permission = failure.RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts"
	case 6:
		host := rapid.SampledFrom([]string{"ghcr.io/acme/engine:latest", "quay.io:443/a/b", "registry.example.org:5000/team/web@sha256:" + strings.Repeat("b2", 32), "acme/cal.com:v2"}).Draw(t, "reference")
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) spec.template.spec.containers[0].image: Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of "+
			"[region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained %s. To deploy container images from other public or private registries, set up an Artifact Registry remote repository.", command, host)
		read = failure.Failure{Cause: failure.ImageReference, Image: host}
	case 7:
		w.text = fmt.Sprintf("ERROR: (gcloud.%s) PERMISSION_DENIED: Permission 'run.services.get' denied on resource 'namespaces/%s/services/web' (or resource may not exist).", command, w.consumer)
		read = failure.Failure{Cause: failure.PermissionMissing, Permission: "run.services.get", ConsumerProject: w.consumer}
	}
	w.want = read
	return w
}

// drawHost spells a project in the host of an e-mail, where example.com:app is app.example.com.
func drawHost(project string) string {
	domain, name, scoped := strings.Cut(project, ":")
	if !scoped {
		return project
	}
	return name + "." + domain
}

// Whatever the names are and however the text came, the reading is the same.
func TestNamesAreReadExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawCase(t)
		vary := rapid.SampledFrom(variationNames()).Draw(t, "variation")
		text := variations[vary](w.text)
		got := failure.Fields(failure.Read(text))
		if !reflect.DeepEqual(got, w.want) {
			t.Fatalf("%s\nis read as %+v\nnot as     %+v", text, got, w.want)
		}
	})
}

// disguise wraps, frames and escapes a text in a way of its own.
func disguise(t *rapid.T, text string) string {
	width := rapid.IntRange(50, 140).Draw(t, "width")
	wrap := rapid.SampledFrom([]func(string, int) string{wrapWords, wrapHard, wrapHyphens}).Draw(t, "wrap")
	text = wrap(text, width)
	frame := rapid.SampledFrom([]func(string) string{boxed, stamped, func(s string) string { return prefixed(s, "      ") }, func(s string) string { return s }}).Draw(t, "frame")
	text = frame(text)
	for range rapid.IntRange(0, 2).Draw(t, "escapes") {
		text = quoted(text)
	}
	return text
}

func TestNamesAreReadThroughLayers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawCase(t)
		text := disguise(t, w.text)
		got := failure.Fields(failure.Read(text))
		if !reflect.DeepEqual(got, w.want) {
			t.Fatalf("%s\nis read as %+v\nnot as     %+v", text, got, w.want)
		}
	})
}

func variationNames() []string {
	var all []string
	for name := range variations {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// checkReading holds what is true of every text: it is read the same way twice, and what comes out is clean and was in.
func checkReading(t *testing.T, text string) {
	t.Helper()
	f := failure.Read(text)
	if !reflect.DeepEqual(f, failure.Read(text)) {
		t.Errorf("read twice, %q gives two answers", text)
	}
	all := append([]string{f.Image, f.ImageProject, f.ConsumerProject, f.Principal, f.ServiceAccount, f.Repository, f.Permission, f.API, f.Summary, string(f.Cause)}, model.AdviceLines(f.Next)...)
	for _, s := range all {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("%q gives %q", text, s)
		}
	}
	if f.Summary == "" || len(f.Next) == 0 {
		t.Errorf("%q gives no words", text)
	}
	if data, err := json.Marshal(f); err != nil || !json.Valid(data) {
		t.Errorf("%q is no document: %v", text, err)
	}
	tight := strings.ToLower(failure.CompactText(text))
	for _, s := range []string{f.Image, f.ConsumerProject, f.Principal, f.ServiceAccount, f.Permission} {
		for part := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == '/' || r == ':' || r == '@' }) {
			if !strings.Contains(tight, part) {
				t.Errorf("%q does not hold %q of %q", text, part, s)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.Text)
		f.Add(quoted(wrapHard(s.Text, 80)))
		f.Add(wrapColumns(wrapped(fullWidth(s.Text), japaneseFrames["within words"]), 80))
	}
	f.Fuzz(checkReading)
}

func TestOddTexts(t *testing.T) {
	for _, text := range []string{"", " \n\t\n", "\x00\xff\xfe", "\\", "\\u00", "│", "\x1b[", strings.Repeat("\\", 1000), strings.Repeat("(", 1000), "ERROR:", "\"", "\xff\xfeE\x00"} {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) {
			checkReading(t, text)
			if f := failure.Read(text); f.Cause != failure.Unrecognized {
				t.Errorf("%q is read as %s", text, f.Cause)
			}
		})
	}
}

// What PowerShell writes to a file.
func TestUTF16(t *testing.T) {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, c := range []byte("Image 'gcr.io/some-project/web' not found.") {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	if f := failure.Read(b.String()); f.Cause != failure.ImageNotFound || f.Image != "gcr.io/some-project/web" {
		t.Errorf("UTF-16 is read as %+v", f)
	}
}

// hardTexts are texts that tempt a reader to go over everything again at each sign.
var hardTexts = []string{
	"Google Cloud Run Service Agent must have permission to read the image, a", "image '", "user@a.b ", "projects/a/locations/b/", "\\\\n",
	"us-docker.pkg.dev/some-project/repo/image:1 and\n", "gcloud run deploy ", "{\"labels\":", "\x1b[1m", "| 2026-01-01T00:00:00Z ", "repositoryrepositoryrepository", "permission",
}

// BenchmarkLength says what four times the text costs, as the ratio long/short: about 4 when the time is linear.
func BenchmarkLength(b *testing.B) {
	for n, piece := range hardTexts {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			short, long := strings.Repeat(piece, 15_000/len(piece)), strings.Repeat(piece, 60_000/len(piece))
			var ofShort, ofLong time.Duration
			for b.Loop() {
				ofShort += timeToRead(short)
				ofLong += timeToRead(long)
			}
			b.ReportMetric(float64(ofLong)/float64(ofShort), "long/short")
		})
	}
}

func timeToRead(text string) time.Duration {
	start := time.Now()
	failure.Read(text)
	return time.Since(start)
}

// A log of any length is read where it matters.
func TestLongLog(t *testing.T) {
	noise := strings.Repeat("2026-01-01T00:00:00Z INFO Step 7/12: RUN go build -o /bin/web ./cmd/web, cached layer sha256:aa\n", 25_000)
	text := noise + samples(t)[0].Text + "\n" + noise
	plain := failure.Read(samples(t)[0].Text)
	if got := failure.Read(text); !reflect.DeepEqual(got, plain) {
		t.Errorf("in a log it is read as %+v", got)
	}
}

// Long texts that are nothing but signs, or bytes at random.
func TestLongNonsense(t *testing.T) {
	for _, piece := range []string{"permission denied on image 'a ", "user@a.b-error ", "error\n", "│ failed", "\xff\x00denied\xc3"} {
		t.Run(piece, func(t *testing.T) {
			text := strings.Repeat(piece, 1+(132<<10)/len(piece))
			checkReading(t, text)
		})
	}
}

func BenchmarkRead(b *testing.B) {
	log := strings.Repeat("2026-01-01T00:00:00Z INFO Step 7/12: RUN go build -o /bin/web ./cmd/web, cached image layer sha256:aa\n", 10_000)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		failure.Read(log)
	}
}
