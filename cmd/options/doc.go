// Package options turns a command line into values, and changes nothing on the way.
//
// A command embeds the groups of flags that it takes, such as [QuestionFlags] and [CloudFlags], and no others. From these
// follow a [Session] (which Google Cloud, who calls, how to behave) and for a question a [Request]. What no flag says comes
// from variables, from gcloud's configuration and from whopulls' settings. Every error is found before any network.
package options
