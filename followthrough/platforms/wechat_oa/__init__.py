"""WeChat Official Account 微信公众号: followers, their sources, and figures of articles."""

from followthrough.contracts.export import Entry, Platform
from followthrough.platforms.wechat_oa.article_totals import ARTICLE_TOTALS
from followthrough.platforms.wechat_oa.followers import FOLLOWERS
from followthrough.platforms.wechat_oa.interface import INTERFACE
from followthrough.platforms.wechat_oa.user_summary import USER_SUMMARY

ENTRIES = (
    Entry("search", "公众号搜索", "Official account search", ("ADD_SCENE_SEARCH", "1")),
    Entry("migration", "公众号迁移", "Account migration", ("ADD_SCENE_ACCOUNT_MIGRATION",)),
    Entry("card", "名片分享", "Shared card", ("ADD_SCENE_PROFILE_CARD", "17")),
    Entry("qr_code", "公众号二维码", "Official account QR code", ("ADD_SCENE_QR_CODE", "30")),
    Entry("article", "文章内名称", "Name in an article", ("ADD_SCENE_PROFILE_LINK", "57")),
    Entry("article_menu", "文章右上角菜单", "Article menu", ("ADD_SCENE_PROFILE_ITEM",)),
    Entry("paid", "支付后关注", "After paying", ("ADD_SCENE_PAID",)),
    Entry("ads", "微信广告", "WeChat ads", ("ADD_SCENE_WECHAT_ADVERTISEMENT", "100")),
    Entry("reprint", "他人转载", "Reprint", ("ADD_SCENE_REPRINT", "161")),
    Entry("live", "直播", "Live stream", ("ADD_SCENE_LIVESTREAM", "201")),
    Entry("channels", "视频号", "WeChat Channels", ("ADD_SCENE_CHANNELS", "200")),
    Entry("mini_program", "小程序", "Mini program", ("ADD_SCENE_WXA", "149")),
    Entry("others", "公众号其他", "Official account other", ("ADD_SCENE_OTHERS", "0")),
)
"""The list of followers has the name of their scene, the daily figures its number."""

PLATFORM = Platform(
    name="wechat_oa",
    label="微信公众号",
    exports=(FOLLOWERS, USER_SUMMARY, ARTICLE_TOTALS),
    settings=("app_id", "open_platform"),
    entries=ENTRIES,
    interface=INTERFACE,
)
